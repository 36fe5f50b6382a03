/// The server is going to send CopyData (manual: "COPY Operations").
package struct CopyOutResponse: Hashable, Sendable {
    /// How the data is written.
    package let formats: CopyFormats

    /// Creates the message.
    package init(formats: CopyFormats) {
        self.formats = formats
    }

    /// Decodes the message's body.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        formats = try CopyFormats(validating: body, of: "CopyOutResponse")
    }
}
