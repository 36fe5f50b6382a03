extension ConnectionString {
    /// Reads `keyword = value keyword='value'…` (manual: "Keyword/Value Connection Strings").
    ///
    /// A backslash takes the next character as it is, inside quotes and outside; a value without quotes ends at a space.
    mutating func readKeywordValues(_ text: [UInt8]) throws(PostgresError) {
        var rest = text[...]
        var passwordWasGiven = false
        while true {
            rest = rest.drop(while: Self.isSpace)
            guard !rest.isEmpty else { return }
            let name = rest.prefix { $0 != UInt8(ascii: "=") && !Self.isSpace($0) }
            rest = rest[name.endIndex...].drop(while: Self.isSpace)
            guard rest.popFirst() == UInt8(ascii: "=") else { throw Self.noEqualsSign(in: text) }
            rest = rest.drop(while: Self.isSpace)
            let isQuoted = rest.first == UInt8(ascii: "'")
            let value = try Self.takeValue(from: &rest)
            if !isQuoted, try !Self.isPassword(Self.text(name)), Self.separatesBySemicolons(value, before: rest) {
                throw Self.separatedBySemicolons
            }
            // What follows a password may be the rest of it, cut off at a space that was not quoted.
            try store(Self.text(value), for: Self.text(name), mayShowName: !passwordWasGiven)
            passwordWasGiven = passwordWasGiven || values[.password] != nil || values[.sslpassword] != nil
        }
    }

    private static func isPassword(_ name: String) -> Bool {
        [ConnectionKeyword.password, .sslpassword].contains(ConnectionKeyword(rawValue: name))
    }

    private static func takeValue(from rest: inout ArraySlice<UInt8>) throws(PostgresError) -> [UInt8] {
        let isQuoted = rest.first == UInt8(ascii: "'")
        if isQuoted { rest.removeFirst() }
        var value: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\\"):
                // A backslash at the very end stands for nothing.
                if let escaped = rest.popFirst() { value.append(escaped) }
            case UInt8(ascii: "'") where isQuoted: return value
            case _ where !isQuoted && isSpace(byte): return value
            default: value.append(byte)
            }
        }
        guard !isQuoted else { throw invalid("has a quoted value without its end") }
        return value
    }
}
