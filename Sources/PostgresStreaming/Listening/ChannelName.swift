/// The name of a channel, as the server tells names apart: by their bytes.
package struct ChannelName: Hashable, Sendable {
    /// The name.
    package let text: String

    /// Takes a name over.
    ///
    /// - Throws: `queryInvalid` for what the server would refuse or cut.
    package init(_ text: String) throws(PostgresError) {
        guard (1...Self.bytesMax).contains(text.utf8.count), !text.utf8.contains(0) else {
            throw PostgresError(
                .queryInvalid, "the name of a channel has 1 to \(Self.bytesMax) bytes and no NUL",
                hint: "This one has \(text.utf8.count) bytes.")
        }
        self.text = text
    }

    /// Takes the name over that a notification came with.
    init(unchecked text: String) { self.text = text }

    /// Quoted, so that no name can be read as anything else.
    var sql: String { PostgresIdentifier(text).description }

    /// Whether the bytes are the same.
    package static func == (left: ChannelName, right: ChannelName) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    /// Hashes the bytes.
    package func hash(into hasher: inout Hasher) {
        for byte in text.utf8 { hasher.combine(byte) }
    }

    /// What a server that was built as usual has room for.
    private static let bytesMax = 63
}

extension ChannelName {
    /// - Throws: `queryInvalid` for the first that is no name.
    static func all(_ texts: [String]) throws(PostgresError) -> [ChannelName] {
        var names: [ChannelName] = []
        for text in texts { names.append(try ChannelName(text)) }
        return names
    }
}
