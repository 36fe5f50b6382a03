import PostgresStreaming

/// Every value of a connection with where it comes from. Secrets are masked.
public struct ConnectionExplanation: Sendable, Hashable {
    /// One value.
    public struct Value: Sendable, Hashable {
        /// The key as it stands in a document, such as `dbname` or `pool.idle_timeout`.
        public let key: String
        /// The value; `<secret>` for passwords and keys, and for everything that came from a file or a command.
        public let text: String
        /// Where it was written.
        public let provenance: Provenance
        /// The references that it was filled in from, such as `${ORDERS_HOST}`.
        public let references: [String]
        /// What was written as well and counts for less.
        public let overridden: [Provenance]
    }

    /// The name of the connection.
    public let name: String
    /// The environment whose overlay was applied; nil for none.
    public let environment: String?
    /// The values in alphabetical order of their keys, those of defaults included.
    public let values: [Value]

    init(_ profile: ConnectionProfile) {
        name = profile.name
        environment = profile.environment
        var values = profile.values.values.map { value in
            Value(
                key: value.key, text: value.isHidden ? value.text.description : value.text.reveal(),
                provenance: Provenance(value.setting), references: value.references,
                overridden: value.overridden.map(Provenance.init))
        }
        for keyword in ConnectionKeyword.all where profile.values[keyword.rawValue] == nil {
            guard let text = profile.parameters[keyword], !text.isEmpty else { continue }
            values.append(
                Value(
                    key: keyword.rawValue, text: SettingKey.isSecret(keyword.rawValue) ? "\(Secret(text))" : text,
                    provenance: Self.provenance(of: keyword, profile.parameters), references: [], overridden: []))
        }
        for key in SettingKey.all
        where profile.values[key.name] == nil && (key.section != "ssh" || profile.tunnel != nil) {
            guard let text = key.defaultText else { continue }
            values.append(Value(key: key.name, text: text, provenance: .default, references: [], overridden: []))
        }
        self.values = values.sorted { $0.key < $1.key }
    }

    private static func provenance(of keyword: ConnectionKeyword, _ parameters: ConnectionParameters) -> Provenance {
        switch parameters.origins[keyword] {
        case .variable(let name)?: .variable(name)
        case .service(let section, let file)?: .serviceFile(section: section, file: file)
        case nil: keyword == .user ? .account : .default
        }
    }

    /// The value of a key; nil where there is none.
    public subscript(key: String) -> Value? { values.first { $0.key == key } }
}

extension ConnectionExplanation: CustomStringConvertible {
    /// A table: key, value, where it comes from. Defaults come last.
    public var description: String {
        let written = values.filter { $0.provenance != .default }
        let rows = written + values.filter { $0.provenance == .default }
        let keyWidth = rows.map(\.key.count).max() ?? 0
        let textWidth = min(rows.map(\.text.count).max() ?? 0, 40)
        let lines = rows.map { value in
            var line =
                Self.padded(value.key, keyWidth) + "  " + Self.padded(value.text, textWidth) + "  \(value.provenance)"
            if !value.references.isEmpty { line += ", from \(value.references.joined(separator: ", "))" }
            if let last = value.overridden.last { line += ", in place of \(last)" }
            return line
        }
        return ([environment.map { "\(name) in \($0)" } ?? name] + lines).joined(separator: "\n")
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(width - text.count, 0))
    }
}

extension RegistryDocument {
    /// Tells of every value of a connection where it comes from.
    ///
    /// - Parameters:
    ///   - name: the name of the connection.
    ///   - parts: what a caller would put in place of the document's.
    /// - Throws: `nameUnknown`; `documentInvalid` where the parts do not fit together.
    public func explain(
        _ name: String, replacing parts: [ConnectionKeyword: String] = [:]
    ) throws(RegistryError) -> ConnectionExplanation {
        ConnectionExplanation(try profile(named: name, replacing: parts))
    }
}
