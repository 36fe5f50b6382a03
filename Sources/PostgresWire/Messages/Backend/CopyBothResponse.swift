/// The server starts a copy in both directions, which only streaming replication uses.
package struct CopyBothResponse: Hashable, Sendable {
    /// How the data is written.
    package let formats: CopyFormats

    /// Creates the message.
    package init(formats: CopyFormats) {
        self.formats = formats
    }

    /// Decodes the message's body.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        formats = try CopyFormats(validating: body, of: "CopyBothResponse")
    }
}
