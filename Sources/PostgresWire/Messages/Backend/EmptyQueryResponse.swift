/// The query string was empty; takes the place of CommandComplete.
package struct EmptyQueryResponse: Hashable, Sendable {
    /// Creates the message, which has no fields.
    package init() {}

    /// Checks that the message's body is empty.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        try MessageReader(body, of: "EmptyQueryResponse").finish()
    }
}
