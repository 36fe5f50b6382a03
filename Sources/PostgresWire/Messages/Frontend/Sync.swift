/// Ends a cycle of the extended query protocol; the server answers with ReadyForQuery.
package struct Sync: FrontendMessage {
    /// Creates the message, which has no fields.
    package init() {}

    package func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        try buffer.message(UInt8(ascii: "S")) { _ in }
    }
}
