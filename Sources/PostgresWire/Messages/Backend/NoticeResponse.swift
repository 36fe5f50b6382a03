/// The server has a warning or a remark; it may come at any time.
package struct NoticeResponse: Hashable, Sendable {
    /// What the server has to say.
    package let fields: NoticeFields

    /// Creates the message.
    package init(fields: NoticeFields) {
        self.fields = fields
    }

    /// Decodes the message's body.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        fields = try NoticeFields(validating: body, of: "NoticeResponse")
    }
}
