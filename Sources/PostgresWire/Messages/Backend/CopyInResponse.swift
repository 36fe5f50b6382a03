/// The server waits for CopyData from the client (manual: "COPY Operations").
package struct CopyInResponse: Hashable, Sendable {
    /// How the data is written.
    package let formats: CopyFormats

    /// Creates the message.
    package init(formats: CopyFormats) {
        self.formats = formats
    }

    /// Decodes the message's body.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        formats = try CopyFormats(validating: body, of: "CopyInResponse")
    }
}
