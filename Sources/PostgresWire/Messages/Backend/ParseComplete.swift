/// The statement of a Parse exists (manual: "Extended Query").
package struct ParseComplete: Hashable, Sendable {
    /// Creates the message, which has no fields.
    package init() {}

    /// Checks that the message's body is empty.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        try MessageReader(body, of: "ParseComplete").finish()
    }
}
