import Testing

/// The suites whose server changes under way. They share it, so they take turns.
@Suite(.serialized, .timeLimit(.minutes(2))) enum ChangingTLSTests {
    /// A server whose every setting is as it was at the start.
    static func server() async throws -> TLSServer {
        let server = try await ChangingTLSServer.one.server()
        try await server.set([
            "ssl": "on", "ssl_cert_file": "good.chain.crt", "ssl_key_file": "good.key", "ssl_ca_file": "root.crt",
            "ssl_min_protocol_version": "TLSv1.2", "ssl_max_protocol_version": "",
        ])
        return server
    }

    private actor ChangingTLSServer {
        static let one = ChangingTLSServer()
        private var starting: Task<TLSServer, any Error>?

        func server() async throws -> TLSServer {
            let task = starting ?? Task { try await TLSServer.start() }
            starting = task
            return try await task.value
        }
    }
}
