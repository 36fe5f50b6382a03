extension PostgresServer {
    /// The URL of a connection over the Unix socket, as superuser to the database `postgres`.
    public nonisolated var url: String { url() }

    /// The URL of a connection over TCP to `127.0.0.1`, as superuser to the database `postgres`.
    public nonisolated var tcpURL: String { tcpURL() }

    /// The URL of a connection over the Unix socket, with the password in it.
    ///
    /// - Parameters:
    ///   - database: The database; it need not exist yet.
    ///   - user: The user; nil is the superuser.
    ///   - password: The password; nil is the superuser's own for the superuser, and none for anybody else.
    public nonisolated func url(database: String = "postgres", user: String? = nil, password: String? = nil) -> String {
        let directory = percentEncoded(socketDirectory)
        return "postgres://\(credentials(user, password))@/\(percentEncoded(database))?host=\(directory)&port=\(port)"
    }

    /// The URL of a connection over TCP to `127.0.0.1`, with the password in it.
    ///
    /// - Parameters:
    ///   - database: The database; it need not exist yet.
    ///   - user: The user; nil is the superuser.
    ///   - password: The password; nil is the superuser's own for the superuser, and none for anybody else.
    public nonisolated func tcpURL(
        database: String = "postgres", user: String? = nil, password: String? = nil
    ) -> String {
        "postgres://\(credentials(user, password))@\(host):\(port)/\(percentEncoded(database))"
    }

    private nonisolated func credentials(_ user: String?, _ password: String?) -> String {
        let password = password ?? (user == nil || user == self.user ? self.password : nil)
        let name = percentEncoded(user ?? self.user)
        return password.map { "\(name):\(percentEncoded($0))" } ?? name
    }
}

/// Keeps the characters that RFC 3986 calls unreserved, and writes all others as `%XX`.
func percentEncoded(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF")
    var encoded = ""
    for byte in text.utf8 {
        let character = Character(UnicodeScalar(byte))
        if byte < 0x80, character.isLetter || character.isNumber || "-._~".contains(character) {
            encoded.append(character)
        } else {
            encoded += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
        }
    }
    return encoded
}
