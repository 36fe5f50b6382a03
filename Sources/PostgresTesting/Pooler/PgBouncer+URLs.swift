extension PgBouncer {
    /// The URL of a connection over TCP, as the server's superuser, with further parameters such as `sslmode=disable`.
    package nonisolated func url(database: String = "postgres", _ parameters: String = "") -> String {
        "postgres://\(login)@\(host):\(port)/\(percentEncoded(database))" + (parameters.isEmpty ? "" : "?\(parameters)")
    }

    /// The URL of a connection over the Unix socket, as the server's superuser.
    package nonisolated func socketURL(database: String = "postgres", _ parameters: String = "") -> String {
        "postgres://\(login)@/\(percentEncoded(database))?host=\(percentEncoded(socketDirectory))&port=\(port)"
            + (parameters.isEmpty ? "" : "&\(parameters)")
    }

    private nonisolated var login: String { "\(percentEncoded(server.user)):\(percentEncoded(server.password))" }
}
