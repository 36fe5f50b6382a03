/// The server could not do what was asked.
package struct ErrorResponse: Hashable, Sendable {
    /// What went wrong.
    package let fields: NoticeFields

    /// Creates the message.
    package init(fields: NoticeFields) {
        self.fields = fields
    }

    /// Decodes the message's body.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        fields = try NoticeFields(validating: body, of: "ErrorResponse")
    }
}
