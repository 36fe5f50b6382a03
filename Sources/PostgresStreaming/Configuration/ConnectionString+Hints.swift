// What an error about the form of a connection string says to write. No hint quotes the string.

extension ConnectionString {
    /// For a query that holds an "@".
    static var hintOnRestOfPassword: String {
        "In a password write \"/\" as %2F, \"?\" as %3F and \"@\" as %40."
    }

    /// For words that no keyword leads in.
    static var hintOnSpaces: String {
        "A value with spaces stands in quotes, as in application_name='my service'."
    }

    /// For a string that has "://", but not after a scheme of Postgres; nil where the scheme is not a spelling of one.
    static func hint(onScheme scheme: Substring) -> String? {
        let lowercased = scheme.lowercased()
        let name = (lowercased.hasPrefix("jdbc:") ? lowercased.dropFirst(5) : lowercased[...]).prefix { $0 != "+" }
        let others = [
            "postgres", "postgresql", "pgsql", "psql", "pg", "postgis", "cockroachdb", "redshift", "timescaledb",
        ]
        guard others.contains(String(name)) else { return nil }
        return
            "Write \"postgres://\" or \"postgresql://\": small letters, no \"jdbc:\", no driver such as \"+asyncpg\"."
    }

    /// The error for an "@" after the credentials, or, where it is the first one, after what looked like a host.
    static func rawAtSign(isFirst: Bool) -> PostgresError {
        isFirst
            ? invalid(
                "has a \"/\" before an \"@\"",
                hint: "In a user name or password write \"/\" as %2F; in the name of a database write \"@\" as %40.")
            : invalid(
                "has an \"@\" that has to be written as %40", hint: "In a password write \"@\" as %40 and \"/\" as %2F."
            )
    }

    /// The error for a word that no "=" follows.
    static func noEqualsSign(in text: [UInt8]) -> PostgresError {
        guard text.contains(UInt8(ascii: "=")) else {
            return invalid(
                "is neither a URI nor keyword=value",
                hint: "A host is written as host=db.example or as postgres://db.example/.")
        }
        if separatesBySemicolons(text, before: []) { return separatedBySemicolons }
        return invalid("lacks a \"=\" after a keyword", hint: hintOnSpaces)
    }

    // MARK: semicolons

    /// The error for settings as ADO.NET and ODBC write them. libpq would take all of them for the value of the first,
    /// and print it or send it in the clear: a password too.
    static var separatedBySemicolons: PostgresError {
        invalid(
            "separates its settings by semicolons",
            hint: "Settings are separated by spaces, as in host=db.example user=app.")
    }

    /// Whether a semicolon in a value is followed by a keyword and "=", which may be the first of what is still to come.
    static func separatesBySemicolons(_ value: [UInt8], before rest: ArraySlice<UInt8>) -> Bool {
        let parts = value.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).dropFirst()
        return parts.enumerated().contains { index, part in
            let name = part.prefix { $0 != UInt8(ascii: "=") }
            let isLast = index == parts.count - 1
            let hasEqualsSign =
                name.count < part.count
                || isLast && rest.drop(while: isSpace).first == UInt8(ascii: "=")
            return hasEqualsSign && KeywordHint.isKeyword(String(decoding: name, as: UTF8.self))
        }
    }
}
