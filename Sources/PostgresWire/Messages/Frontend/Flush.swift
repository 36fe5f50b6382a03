/// Asks the server to send what it has ready, without ending the query cycle.
package struct Flush: FrontendMessage {
    /// Creates the message, which has no fields.
    package init() {}

    package func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        try buffer.message(UInt8(ascii: "H")) { _ in }
    }
}
