/// A message of the client as a server sees it.
struct ClientMessage: Equatable {
    let type: Character
    let body: [UInt8]

    /// Returns the whole messages in what a client sent.
    static func all(in bytes: [UInt8]) -> [ClientMessage] {
        var messages: [ClientMessage] = []
        var rest = bytes[...]
        while rest.count >= 5 {
            let length = rest.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
            let type = Character(UnicodeScalar(rest[rest.startIndex]))
            messages.append(ClientMessage(type: type, body: Array(rest.dropFirst(5).prefix(length - 4))))
            rest = rest.dropFirst(1 + length)
        }
        return messages
    }

    /// The strings that the message begins with.
    private var strings: [String] {
        body.split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The portal, or the statement of a Parse, that it names.
    var name: String {
        let name = strings.first ?? ""
        return type == "C" || type == "D" ? String(name.dropFirst()) : name
    }

    /// Whether a Close or Describe is about a statement and not a portal.
    var isAboutStatement: Bool { body.first == UInt8(ascii: "S") }

    /// The statement that a Bind names.
    var statement: String { strings.dropFirst().first ?? "" }

    /// The SQL of a Query or a Parse.
    var text: String { (type == "Q" ? strings.first : strings.dropFirst().first) ?? "" }

    /// The row limit of an Execute.
    var rowLimit: Int { body.suffix(4).reduce(0) { $0 << 8 | Int($1) } }
}
