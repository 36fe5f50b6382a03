/// Ends the session.
package struct Terminate: FrontendMessage {
    /// Creates the message, which has no fields.
    package init() {}

    package func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        try buffer.message(UInt8(ascii: "X")) { _ in }
    }
}
