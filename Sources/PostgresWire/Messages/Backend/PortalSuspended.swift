/// An Execute reached its row limit; another Execute of the portal goes on from there.
package struct PortalSuspended: Hashable, Sendable {
    /// Creates the message, which has no fields.
    package init() {}

    /// Checks that the message's body is empty.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        try MessageReader(body, of: "PortalSuspended").finish()
    }
}
