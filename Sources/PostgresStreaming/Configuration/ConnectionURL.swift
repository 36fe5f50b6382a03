// postgres://[user[:password]@][host][:port][/database][?name=value[&…]]
//
// The grammar is libpq's ("Connection URIs" in the manual), for one host. Whatever is not understood is refused: a
// setting that is silently ignored may be the one that was to keep the connection safe.

extension PostgresConfiguration {
    /// Reads a connection URL: `postgres://user:password@host:5432/database?application_name=report`.
    ///
    /// `postgres` and `postgresql` mean the same. Every part may be missing and may be percent-encoded; an IPv6 address
    /// stands in brackets. Without a host, or with one that begins with `/` or `@`, the connection is to a Unix-domain
    /// socket. Without a user the operating system's user is taken. Parameters: `host`, `port`, `user`, `password`,
    /// `dbname`, `application_name`, `connect_timeout` (whole seconds), `require_auth` and `sslmode` (`disable`,
    /// `allow` and `prefer` only: this release has no TLS and connects in the clear).
    ///
    /// - Throws: `configurationInvalid`, without a word of the URL that could be a secret.
    public init(url: String) throws(PostgresError) {
        var parts = try ConnectionURL(url)
        let port = try parts.port()
        let host = try parts.takeHost()
        let endpoint: Endpoint
        if let host, !host.isEmpty, !host.hasPrefix("/"), !host.hasPrefix("@") {
            endpoint = .tcp(host: host, port: port)
        } else {
            endpoint = .unixSocket(directory: host?.nonEmpty ?? System.socketDirectory, port: port)
        }
        guard let user = parts.take("user") ?? parts.user ?? System.userName else {
            throw PostgresError(.configurationInvalid, "connection URL names no user, and the system's is unknown")
        }
        self.init(
            endpoint: endpoint, user: user, password: parts.take("password") ?? parts.password,
            database: parts.take("dbname") ?? parts.database)
        applicationName = parts.take("application_name") ?? ""
        if let seconds = parts.take("connect_timeout") { connectTimeout = try ConnectionURL.timeout(seconds) }
        if let list = parts.take("require_auth") { allowedAuthentication = try ConnectionURL.methods(list) }
        if let mode = parts.take("sslmode") { try ConnectionURL.check(sslMode: mode) }
        try parts.requireNothingLeft()
    }
}

/// The parts of a connection URL, decoded but not interpreted.
private struct ConnectionURL {
    var user: String?
    var password: String?
    var host: String?
    var portText: String?
    var database: String?
    var parameters: [String: String] = [:]
    /// The parameters may be the end of a password with a question mark in it.
    private var namesMayBeSecret = false

    init(_ url: String) throws(PostgresError) {
        guard let scheme = ["postgres://", "postgresql://"].first(where: url.hasPrefix) else {
            throw Self.invalid("does not begin with \"postgres://\"")
        }
        var rest = url.dropFirst(scheme.count)
        if let mark = rest.firstIndex(of: "?") {
            let text = rest[rest.index(after: mark)...]
            namesMayBeSecret = text.contains("@")
            try readParameters(text)
            rest = rest[..<mark]
        }
        let authorityEnd = rest.firstIndex(of: "/") ?? rest.endIndex
        // A careless URL's password may hold an unencoded slash or at sign. As in libpq they would end it, and its rest
        // would be taken for a host and printed as one.
        guard rest.count(where: { $0 == "@" }) < 2, !rest[authorityEnd...].contains("@") else {
            throw Self.invalid("has an \"@\" that has to be written as %40")
        }
        if authorityEnd < rest.endIndex {
            database = try Self.decode(rest[rest.index(after: authorityEnd)...]).nonEmpty
        }
        var authority = rest[..<authorityEnd]
        if let at = authority.firstIndex(of: "@") {
            let login = authority[..<at]
            let colon = login.firstIndex(of: ":") ?? login.endIndex
            user = try Self.decode(login[..<colon]).nonEmpty
            if colon < login.endIndex { password = try Self.decode(login[login.index(after: colon)...]).nonEmpty }
            authority = authority[authority.index(after: at)...]
        }
        try readHost(authority)
    }

    private mutating func readHost(_ text: Substring) throws(PostgresError) {
        var port = Substring()
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { throw Self.invalid("has an IPv6 address without \"]\"") }
            host = String(text[text.index(after: text.startIndex)..<end]).nonEmpty
            port = text[text.index(after: end)...]
        } else {
            let colon = text.firstIndex(of: ":") ?? text.endIndex
            host = try Self.decode(text[..<colon]).nonEmpty
            port = text[colon...]
        }
        guard port.isEmpty || port.hasPrefix(":") else { throw Self.invalid("has something else behind the host") }
        portText = String(port.dropFirst()).nonEmpty
    }

    private mutating func readParameters(_ text: Substring) throws(PostgresError) {
        for pair in text.split(separator: "&") {
            guard let equals = pair.firstIndex(of: "=") else { throw Self.invalid("has a parameter without \"=\"") }
            let name = try Self.decode(pair[..<equals])
            guard parameters[name] == nil else { throw Self.invalid("gives a parameter twice:\(shown(name))") }
            parameters[name] = try Self.decode(pair[pair.index(after: equals)...])
        }
    }

    /// Takes a parameter out, so that what stays is what nobody knew.
    mutating func take(_ name: String) -> String? { parameters.removeValue(forKey: name) }

    func requireNothingLeft() throws(PostgresError) {
        guard let name = parameters.keys.min() else { return }
        throw Self.invalid("has an unknown parameter\(shown(name))")
    }

    private func shown(_ name: String) -> String { namesMayBeSecret ? "" : " \"\(name)\"" }

    mutating func takeHost() throws(PostgresError) -> String? {
        let name = take("host") ?? host
        guard name?.contains(",") != true, portText?.contains(",") != true else {
            throw Self.invalid("names several hosts, which this release cannot use")
        }
        return name
    }

    mutating func port() throws(PostgresError) -> UInt16 {
        guard let text = take("port") ?? portText else { return 5432 }
        guard let port = UInt16(text), port > 0 else { throw Self.invalid("has a port that is not in 1…65535") }
        return port
    }

    static func timeout(_ text: String) throws(PostgresError) -> Duration {
        guard let seconds = Int32(text), seconds >= 0 else {
            throw invalid("has a connect_timeout that is not a whole number of seconds")
        }
        // libpq's zero is "wait for ever", which nothing here does; an hour comes near enough.
        return .seconds(seconds == 0 ? 3600 : Int64(seconds))
    }

    static func methods(_ list: String) throws(PostgresError) -> Set<PostgresConfiguration.AuthenticationMethod> {
        var methods: Set<PostgresConfiguration.AuthenticationMethod> = []
        for name in list.split(separator: ",", omittingEmptySubsequences: false) {
            guard let method = PostgresConfiguration.AuthenticationMethod(rawValue: String(name)) else {
                throw invalid("has a require_auth that names something else than none, password, md5, scram-sha-256")
            }
            methods.insert(method)
        }
        return methods
    }

    static func check(sslMode: String) throws(PostgresError) {
        switch sslMode {
        case "disable", "allow", "prefer": return
        case "require", "verify-ca", "verify-full":
            throw invalid("asks for sslmode=\(sslMode), but this release has no TLS yet")
        default: throw invalid("has an unknown sslmode")
        }
    }

    private static func decode(_ text: some StringProtocol) throws(PostgresError) -> String {
        var bytes: [UInt8] = []
        var source = text.utf8.makeIterator()
        while let byte = source.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = source.next().flatMap(hexValue), let low = source.next().flatMap(hexValue) else {
                throw invalid("has a \"%\" without two hexadecimal digits")
            }
            bytes.append(high << 4 | low)
        }
        guard !bytes.contains(0) else { throw invalid("holds a NUL character") }
        guard let decoded = String(validating: bytes, as: UTF8.self) else { throw invalid("is not UTF-8") }
        return decoded
    }

    private static func hexValue(_ digit: UInt8) -> UInt8? {
        Character(Unicode.Scalar(digit)).hexDigitValue.map(UInt8.init)
    }

    private static func invalid(_ problem: String) -> PostgresError {
        PostgresError(.configurationInvalid, "connection URL \(problem)")
    }
}

extension String {
    fileprivate var nonEmpty: String? { isEmpty ? nil : self }
}
