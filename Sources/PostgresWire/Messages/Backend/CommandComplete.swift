/// A SQL command has ended well.
package struct CommandComplete: Hashable, Sendable {
    /// Which command it was, and how many rows it touched.
    package let tag: CommandTag

    /// Creates the message.
    package init(tag: CommandTag) {
        self.tag = tag
    }

    /// Decodes the message's body.
    package init(validating body: RawSpan) throws(ProtocolViolation) {
        var reader = MessageReader(body, of: "CommandComplete")
        tag = CommandTag(try reader.string())
        try reader.finish()
    }
}
