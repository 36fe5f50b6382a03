/// The statement or portal of a Close is gone; also sent when it never existed.
package struct CloseComplete: Hashable, Sendable {
    /// Creates the message, which has no fields.
    package init() {}

    /// Checks that the message's body is empty.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        try MessageReader(body, of: "CloseComplete").finish()
    }
}
