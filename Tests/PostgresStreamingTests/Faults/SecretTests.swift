import PostgresStreaming
import PostgresTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct SecretTests {
    private static let password = TestListener.password

    @Test func `a configuration prints no password`() throws {
        var configuration = try PostgresConfiguration(
            connectionString: "postgres://app:\(Self.password)@db.example/shop")
        #expect(configuration.password == Self.password)
        #expect(!printed(configuration).contains(Self.password))
        configuration = try PostgresConfiguration(
            connectionString: "postgres:///shop?user=app&password=\(Self.password)")
        #expect(configuration.password == Self.password)
        #expect(!printed(configuration).contains(Self.password))
    }

    @Test(arguments: [
        "postgres://app:\(password)@db.example:99999/shop", "postgres://app:\(password)@db.example/shop?unknown=1",
        "postgres://app:\(password)@db.example/shop?connect_timeout=soon", "mysql://app:\(password)@db.example/shop",
        "postgres://app:\(password)%ZZ@db.example/shop",
        "postgres://app:\(password)@[::1/shop", "postgres:///shop?password=\(password)=",
        "postgres:///shop?sslmode=\(password)", "postgres:///shop?require_auth=\(password)",
        // Careless URLs, where the password is not encoded and ends too early or too late.
        "postgres://app:p@\(password)@db.example/shop", "postgres://app:p/\(password)@db.example/shop",
        "postgres://app:p?x=/\(password)@db.example/shop", "postgres://app:12?\(password)=/@db.example/shop",
        "postgres://app:12/\(password)@db.example/shop?unknown=1", "host=h password=p \(password)=1",
        "host=h password=\(password) port", "host=h password='\(password)", "port=\(password)", "sslsni=\(password)",
    ])
    func `an error about a connection URL prints no password`(url: String) {
        let error = #expect(throws: PostgresError.self) { try PostgresConfiguration(connectionString: url) }
        if let error { #expect(!printed(error).contains(Self.password)) }
    }

    @Test func `connections and errors print no password`() async throws {
        let refusal = BackendBytes().error("FATAL", "28P01", "password authentication failed").bytes
        let ask = Step.send(BackendBytes().authentication(3).bytes)
        try await ScriptedServer.run(
            [.expectStartup, ask, .expect("p"), .send(BackendBytes.welcome), .expectEnd],
            [.expectStartup, ask, .expect("p"), .send(refusal), .expectEnd]
        ) { server in
            let connection = try await PostgresConnection.connect(server.url("require_auth=password"))
            #expect(!printed(connection).contains(Self.password))
            let error = await failure { try await PostgresConnection.connect(server.url("require_auth=password")) }
            #expect(error?.code == .authenticationFailed)
            if let error { #expect(!printed(error).contains(Self.password)) }
        }
    }

    @Test func `a query prints its parameters nowhere`() {
        #expect(!printed("SELECT \(Self.password)" as PostgresQuery).contains(Self.password))
    }
}
