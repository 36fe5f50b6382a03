/// The data of a copy is complete; both sides send it (manual: "COPY Operations").
package struct CopyDone: Hashable, Sendable {
    /// Creates the message, which has no fields.
    package init() {}

    /// Checks that the message's body is empty.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        try MessageReader(body, of: "CopyDone").finish()
    }
}

extension CopyDone: FrontendMessage {
    package func encode(into buffer: inout FrontendBuffer) throws(FrontendMessageError) {
        try buffer.message(UInt8(ascii: "c")) { _ in }
    }
}
