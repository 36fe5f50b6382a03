import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Connection strings that name more than one server, against real ones.
@Suite(.timeLimit(.minutes(1))) struct SeveralServersTests {
    /// The place of a real server, in front of and behind others.
    private func configuration(
        _ server: PostgresServer, before: [PostgresConfiguration.Endpoint] = [],
        after: [PostgresConfiguration.Endpoint] = []
    ) async throws -> PostgresConfiguration {
        var configuration = try PostgresConfiguration(connectionString: server.tcpURL, environment: .none)
        configuration.endpoints = before + configuration.endpoints + after
        return configuration
    }

    @Test(arguments: LiveServer.allCases)
    func `the first server that lets the session in is taken`(version: LiveServer) async throws {
        let dead: [PostgresConfiguration.Endpoint] = [
            .unixSocket(directory: "/nonexistent"), .tcp(host: "127.0.0.1", port: 1),
            .tcp(host: "no-such-host.invalid", port: 1), .tcp(host: "", address: "::1", port: 1),
        ]
        let connection = try await PostgresConnection.connect(configuration(version.server, before: dead))
        #expect(try await connection.execute("SELECT 1") != nil)
        await connection.close()
    }

    @Test func `an error names everything that was tried`() async throws {
        let error = await failure {
            try await PostgresConnection.connect("host=/nonexistent,127.0.0.1 port=5432,1 user=app")
        }
        #expect(error?.code == .connectFailed)
        #expect(error?.message.contains("/nonexistent/.s.PGSQL.5432") == true)
        #expect(error?.message.contains("127.0.0.1:1") == true)
    }

    @Test(arguments: LiveServer.allCases)
    func `a server that refuses the password is not passed over`(version: LiveServer) async throws {
        var configuration = try await configuration(version.server, after: [.unixSocket(directory: "/nonexistent")])
        configuration.password = "wrong"
        let error = await failure { [configuration] in try await PostgresConnection.connect(configuration) }
        #expect(error?.code == .authenticationFailed)
        #expect(error?.message.contains("/nonexistent") == false)
    }

    @Test func `a server that is starting up is passed over`() async throws {
        let server = try await LiveServer.postgres15.server
        let starting = BackendBytes().error("FATAL", "57P03", "the database system is starting up").bytes
        try await ScriptedServer.run([.expectStartup, .send(starting), .expectEnd]) { scripted in
            let first = try PostgresConfiguration(connectionString: scripted.url).endpoints
            let connection = try await PostgresConnection.connect(configuration(server, before: first))
            await connection.close()
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `what is set at start-up arrives`(version: LiveServer) async throws {
        let url = try await version.server.url
        let separator = url.contains("?") ? "&" : "?"
        let string = url + separator + "application_name=a%20b&options=-c%20geqo%3Doff"
        let environment = ConnectionEnvironment(variables: ["PGTZ": "Asia/Tokyo"])
        var configuration = try PostgresConfiguration(connectionString: string, environment: environment)
        configuration.runtimeParameters["search_path"] = "here, there"
        let connection = try await PostgresConnection.connect(configuration)
        let rows = try await connection.query(
            """
            SELECT current_setting('application_name'), current_setting('geqo'), current_setting('TimeZone'),
                current_setting('search_path'), current_setting('DateStyle')
            """)
        for try await row in rows.decode((String, String, String, String, String).self) {
            #expect(row.0 == "a b" && row.1 == "off" && row.2 == "Asia/Tokyo" && row.3 == "here, there")
            #expect(row.4.hasPrefix("ISO"))
        }
        await connection.close()
    }

    @Test(arguments: ["user", "client_encoding", "replication", "_pq_.x", ""])
    func `a run-time parameter that is not the user's is refused`(name: String) async throws {
        var configuration = try await configuration(LiveServer.postgres15.server)
        configuration.runtimeParameters[name] = "1"
        let error = await failure { [configuration] in try await PostgresConnection.connect(configuration) }
        #expect(error?.code == .configurationInvalid)
    }
}
