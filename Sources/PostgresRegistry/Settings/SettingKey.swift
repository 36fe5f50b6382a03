import PostgresStreaming

/// One key that an entry may have, with what it means: the table that the reader, the explanation and the JSON Schema go by.
struct SettingKey: Sendable {
    typealias Apply =
        @Sendable (
            _ value: SettingValue, _ connection: inout PostgresConfiguration, _ pool: inout PostgresPoolConfiguration
        )
        -> Void

    /// The name with its section, as in `pool.connections_max`.
    let name: String
    let kind: SettingKind
    /// One sentence for editors.
    let summary: String
    /// The default as it would be written; nil where there is none, or it depends.
    let defaultText: String?
    /// Whether the value is never shown.
    let isSecret: Bool
    /// Puts the value where it belongs; nil for what is read in another way.
    let apply: Apply?

    init(
        _ name: String, _ kind: SettingKind, _ summary: String, default defaultText: String? = nil,
        isSecret: Bool = false,
        apply: Apply? = nil
    ) {
        self.name = name
        self.kind = kind
        self.summary = summary
        self.defaultText = defaultText
        self.isSecret = isSecret
        self.apply = apply
    }

    /// The section, such as `pool`; nil for keys that stand in the entry itself.
    var section: String? {
        name.firstIndex(of: ".").map { String(name[..<$0]) }
    }

    /// The name within its section.
    var shortName: String {
        name.firstIndex(of: ".").map { String(name[name.index(after: $0)...]) } ?? name
    }

    /// Every key, without those of `parameters` and `labels`, which are free.
    static let all: [SettingKey] = keywords + plain + pool + limits + ssh

    /// The sections whose keys are free, with a sentence for editors.
    static let freeSections = [
        ("parameters", "Run-time parameters of the server that the session begins with, such as search_path."),
        ("labels", "Names and values of your own, by which connections are chosen."),
    ]

    /// The key of a name; for the free sections one that takes any text.
    static func named(_ name: String) -> SettingKey? {
        if let key = byName[name] { return key }
        guard let section = name.firstIndex(of: ".").map({ String(name[..<$0]) }),
            freeSections.contains(where: { $0.0 == section })
        else { return nil }
        return SettingKey(name, .text, "")
    }

    /// Whether a value of the key is never shown. A URL may hold a password.
    static func isSecret(_ name: String) -> Bool { byName[name]?.isSecret ?? false }

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    private static let secretKeywords: Set<ConnectionKeyword> = [
        .password, .sslpassword, .oauthClientSecret, .scramClientKey, .scramServerKey,
    ]

    /// The keywords of libpq, which `ConnectionKeyword` lists.
    private static let keywords = ConnectionKeyword.all.map { keyword in
        SettingKey(
            keyword.rawValue, .keyword, "The keyword \(keyword.rawValue) of libpq.",
            isSecret: secretKeywords.contains(keyword))
    }

    private static let plain = [
        SettingKey(
            "url", .text, "A connection URL; keys of the entry replace its parts.", isSecret: true),
        SettingKey("description", .text, "What the database is, for people."),
        SettingKey(
            "protected", .flag, "Whether writing needs a confirmation by name.", default: "false"),
        SettingKey(
            "pooler", .word(["session", "transaction"]),
            "What kind of pooler stands before the server; without it none."
        ) { value, connection, _ in
            if case .text(let text) = value { connection.pooler = text == "session" ? .session : .transaction }
        },
    ]
}
