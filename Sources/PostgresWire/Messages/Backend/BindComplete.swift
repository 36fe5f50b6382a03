/// The portal of a Bind exists (manual: "Extended Query").
package struct BindComplete: Hashable, Sendable {
    /// Creates the message, which has no fields.
    package init() {}

    /// Checks that the message's body is empty.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        try MessageReader(body, of: "BindComplete").finish()
    }
}
