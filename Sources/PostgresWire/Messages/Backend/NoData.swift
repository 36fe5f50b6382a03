/// A described statement or portal returns no rows; takes the place of RowDescription.
package struct NoData: Hashable, Sendable {
    /// Creates the message, which has no fields.
    package init() {}

    /// Checks that the message's body is empty.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        try MessageReader(body, of: "NoData").finish()
    }
}
