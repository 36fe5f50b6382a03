// A connection string is read in three steps, each of which can be compared with libpq's:
//
//     text ─► ConnectionString ─► ConnectionParameters ─► PostgresConfiguration
//             keyword → value     + service file,         typed, checked
//             as written          environment, defaults
//
// Whatever is not understood is refused: a setting that is silently ignored may be the one that was to keep the
// connection safe. An error never quotes what could be part of a password.

/// The keywords and values of a connection string, decoded but not interpreted (manual: "Connection Strings").
package struct ConnectionString {
    /// The values as they were written; an empty one was written as empty.
    package private(set) var values: [ConnectionKeyword: String] = [:]
    /// Whether it was written as a URI.
    private let isURI: Bool

    /// Reads either form: what begins with `postgres://` or `postgresql://` is a URI, all else is keyword=value.
    package init(_ text: String) throws(PostgresError) {
        guard !text.utf8.contains(0) else { throw Self.invalid("holds a NUL character") }
        let scheme = ["postgres://", "postgresql://"].first(where: text.hasPrefix)
        isURI = scheme != nil
        if let scheme {
            try readURI(Array(text.utf8.dropFirst(scheme.utf8.count)))
        } else if let colon = text.firstRange(of: "://"), !text[..<colon.lowerBound].contains("=") {
            throw Self.invalid(
                "begins with another scheme than \"postgres://\"", hint: Self.hint(onScheme: text[..<colon.lowerBound]))
        } else {
            try readKeywordValues(Array(text.utf8))
        }
    }

    /// Takes note of one value. The last one for a keyword counts.
    ///
    /// - Parameter mayShowName: Whether an error may quote the name, because it cannot be part of a password.
    mutating func store(_ value: String, for name: String, mayShowName: Bool) throws(PostgresError) {
        // The spelling of servers before 7.4.
        if name == "requiressl" {
            values[.sslmode] = value.hasPrefix("1") ? "require" : "prefer"
            return
        }
        guard let keyword = ConnectionKeyword.known(name) else {
            let shown = mayShowName ? " \"\(Self.printable(name))\"" : ""
            throw Self.invalid("has an unknown keyword\(shown)", hint: hint(on: name, mayShowName: mayShowName))
        }
        values[keyword] = value
    }

    static func invalid(_ problem: String, hint: String? = nil) -> PostgresError {
        PostgresError(.configurationInvalid, "connection string \(problem)", hint: hint)
    }

    static func text(_ bytes: some Collection<UInt8>) throws(PostgresError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw invalid("is not UTF-8") }
        return text
    }

    /// Whether C's `isspace` says so.
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }

    private func hint(on name: String, mayShowName: Bool) -> String? {
        if mayShowName, name.hasPrefix("amp;") { return "Write \"&\" in place of \"&amp;\"." }
        let hint = KeywordHint(for: name)
        if !mayShowName {
            if case .keyword = hint {} else { return isURI ? Self.hintOnRestOfPassword : Self.hintOnSpaces }
        }
        return hint?.text(isURI ? .uri : .keywordValue)
    }

    private static func printable(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.prefix(64).map { $0.value < 0x20 ? "?" : $0 }))
    }
}

extension ConnectionString: CustomStringConvertible, CustomReflectable {
    /// The name only: a value may be a password.
    package var description: String { "ConnectionString(redacted)" }

    /// As the description.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
