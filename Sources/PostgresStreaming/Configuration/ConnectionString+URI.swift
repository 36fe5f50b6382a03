// postgres://[user[:password]@][host[:port][,…]][/database][?name=value[&…]]        (manual: "Connection URIs")
//
// Stricter than libpq in one place: a raw "@" after the first is refused. In a careless URL it belongs to a password,
// and libpq would take the password's rest for a host, look it up and print it.

extension ConnectionString {
    /// Reads what follows the scheme.
    mutating func readURI(_ text: [UInt8]) throws(PostgresError) {
        var rest = text[...]
        let credentials = rest.prefix { $0 != UInt8(ascii: "@") && $0 != UInt8(ascii: "/") }
        if credentials.endIndex < rest.endIndex, rest[credentials.endIndex] == UInt8(ascii: "@") {
            try readCredentials(credentials)
            rest = rest[(credentials.endIndex + 1)...]
        }
        guard !rest.prefix(while: { $0 != UInt8(ascii: "?") }).contains(UInt8(ascii: "@")) else {
            throw Self.rawAtSign(isFirst: rest.startIndex == text.startIndex)
        }
        try readHosts(from: &rest)
        if rest.first == UInt8(ascii: "/") {
            let database = rest.dropFirst().prefix { $0 != UInt8(ascii: "?") }
            try storeUnlessEmpty(database, .dbname)
            rest = rest[database.endIndex...]
        }
        try readQuery(rest.dropFirst())
    }

    private mutating func readCredentials(_ text: ArraySlice<UInt8>) throws(PostgresError) {
        let colon = text.firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex
        try storeUnlessEmpty(text[..<colon], .user)
        if colon < text.endIndex { try storeUnlessEmpty(text[(colon + 1)...], .password) }
    }

    /// Reads the hosts and their ports into one list each, in which the same place belongs together.
    private mutating func readHosts(from rest: inout ArraySlice<UInt8>) throws(PostgresError) {
        var hosts: [UInt8] = []
        var ports: [UInt8] = []
        while true {
            hosts += try Self.takeHost(from: &rest)
            if rest.first == UInt8(ascii: ":") {
                rest.removeFirst()
                ports += Self.take(from: &rest, until: "/?,")
            }
            guard rest.first == UInt8(ascii: ",") else { break }
            rest.removeFirst()
            hosts.append(UInt8(ascii: ","))
            ports.append(UInt8(ascii: ","))
        }
        try storeUnlessEmpty(hosts[...], .host)
        try storeUnlessEmpty(ports[...], .port)
    }

    /// Takes a host off the front, without the brackets of an IPv6 address.
    private static func takeHost(from rest: inout ArraySlice<UInt8>) throws(PostgresError) -> ArraySlice<UInt8> {
        guard rest.first == UInt8(ascii: "[") else { return take(from: &rest, until: ":/?,") }
        rest.removeFirst()
        let host = take(from: &rest, until: "]")
        guard rest.popFirst() != nil else { throw invalid("has an IPv6 address without \"]\"") }
        guard !host.isEmpty else { throw invalid("has an empty IPv6 address") }
        guard rest.first.map(":/?,".utf8.contains) ?? true else {
            throw invalid("has something else than a port after an IPv6 address")
        }
        return host
    }

    private static func take(from rest: inout ArraySlice<UInt8>, until ends: String) -> ArraySlice<UInt8> {
        let part = rest.prefix { !ends.utf8.contains($0) }
        rest = rest[part.endIndex...]
        return part
    }

    private mutating func readQuery(_ text: ArraySlice<UInt8>) throws(PostgresError) {
        // With an "@" in it the query may be the end of a password that has a question mark.
        let mayShowName = !text.contains(UInt8(ascii: "@"))
        var rest = text
        while !rest.isEmpty {
            let pair = rest.prefix { $0 != UInt8(ascii: "&") }
            rest = rest[pair.endIndex...].dropFirst()
            let parts = pair.split(separator: UInt8(ascii: "="), omittingEmptySubsequences: false)
            let hint = mayShowName ? nil : Self.hintOnRestOfPassword
            guard parts.count > 1 else { throw Self.invalid("has a parameter without \"=\"", hint: hint) }
            guard parts.count == 2 else { throw Self.invalid("has a parameter with two \"=\"", hint: hint) }
            let (name, value) = (try Self.decode(parts[0]), try Self.decode(parts[1]))
            // The spelling of JDBC.
            if name == "ssl", value == "true" {
                try store("require", for: "sslmode", mayShowName: true)
            } else {
                try store(value, for: name, mayShowName: mayShowName)
            }
        }
    }

    private mutating func storeUnlessEmpty(
        _ text: ArraySlice<UInt8>, _ keyword: ConnectionKeyword
    ) throws(PostgresError) {
        guard !text.isEmpty else { return }
        try store(Self.decode(text), for: keyword.rawValue, mayShowName: true)
    }

    /// Undoes percent-encoding. Spaces at the ends are dropped, as libpq does since version 18; others are refused.
    private static func decode(_ text: ArraySlice<UInt8>) throws(PostgresError) -> String {
        let space = UInt8(ascii: " ")
        var rest = text.drop { $0 == space }
        while rest.last == space { rest.removeLast() }
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            guard byte != space else { throw invalid("has a space that has to be written as %20") }
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst()?.hexadecimalValue, let low = rest.popFirst()?.hexadecimalValue else {
                throw invalid(
                    "has a \"%\" without two hexadecimal digits", hint: "Write a \"%\" that stands for itself as %25.")
            }
            guard high | low != 0 else { throw invalid("holds a NUL character") }
            bytes.append(high << 4 | low)
        }
        return try Self.text(bytes)
    }
}
