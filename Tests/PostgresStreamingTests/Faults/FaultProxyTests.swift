import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

@Suite(.timeLimit(.minutes(1))) struct FaultProxyTests {
    private static let query: PostgresQuery = "SELECT n FROM generate_series(1, 200000) AS n"

    /// Runs `body` with a proxy in front of a real server, and with the URL that leads through it.
    private func withProxy(_ body: (PostgresServer, FaultProxy, String) async throws -> Void) async throws {
        try await PostgresServer.withServer { server in
            try await FaultProxy.run(to: UInt16(server.port)) { proxy in
                let url = "postgres://\(server.user):\(server.password)@127.0.0.1:\(proxy.port)/postgres"
                try await body(server, proxy, url)
            }
        }
    }

    /// Reads a first row, lets `fault` happen and returns how the rest went.
    private func outcome(at url: String, _ fault: () -> Void) async -> (rows: Int, error: PostgresError?) {
        var count = 0
        do throws(PostgresError) {
            let connection = try await PostgresConnection.connect(url)
            let rows = try await connection.query(Self.query)
            for try await number in rows.decode(Int.self) {
                count += 1
                if number != count { return (-1, nil) }
                if count == 1 { fault() }
            }
            return (count, nil)
        } catch {
            return (count, error)
        }
    }

    @Test func `a real server's rows survive a network that passes single bytes`() async throws {
        try await withProxy { _, proxy, url in
            for direction in FaultProxy.Direction.allCases { proxy.inject(.split([1]), direction) }
            let connection = try await PostgresConnection.connect(url)
            var numbers: [Int] = []
            let rows = try await connection.query("SELECT n FROM generate_series(1, 300) AS n")
            for try await number in rows.decode(Int.self) { numbers.append(number) }
            #expect(numbers == Array(1...300))
        }
    }

    @Test func `a connection that is cut, reset or cut short never looks like the end of the rows`() async throws {
        try await PostgresServer.withServer { server in
            for fault in [{ $0.cut() }, { $0.reset() }, { $0.inject(.cut, after: .bytes(100_001), .toClient) }]
                as [(FaultProxy) -> Void]
            {
                try await FaultProxy.run(to: UInt16(server.port)) { proxy in
                    let url = "postgres://\(server.user):\(server.password)@127.0.0.1:\(proxy.port)/postgres"
                    let (rows, error) = await outcome(at: url) { fault(proxy) }
                    #expect(error?.code == .connectionLost)
                    #expect((1..<200_000).contains(rows))
                }
            }
        }
    }

    @Test func `a network that falls silent is left by cancelling, and goes on where it stopped`() async throws {
        try await withProxy { _, proxy, url in
            let silent = Gate()
            let reading = Task { [self] in
                await outcome(at: url) {
                    proxy.stall(.toClient)
                    silent.open()
                }
            }
            await silent.wait()
            reading.cancel()
            let (rows, error) = await reading.value
            #expect(error?.code == .cancelled)
            #expect(rows < 200_000)
            proxy.resume()
            let (all, none) = await outcome(at: url) {}
            #expect(all == 200_000 && none == nil)
        }
    }

    @Test func `a session that the server ended is reported with its reason, over TCP and over a Unix socket`()
        async throws
    {
        try await PostgresServer.withServer { server in
            let master = try await PostgresConnection.connect(server.url)
            for url in [server.url, server.tcpURL] {
                let connection = try await PostgresConnection.connect(url)
                let backend = try await connection.query("SELECT pg_backend_pid()").first()?.decode(
                    column: 0, as: Int32.self)
                let ended = try await master.query("SELECT pg_terminate_backend(\(backend ?? 0), 10000)").first()
                #expect(try ended?.decode(column: 0, as: Bool.self) == true)
                let error = await failure { try await connection.query("SELECT 1") }
                #expect(error?.code == .sessionEndedByServer)
                #expect(error?.sqlState?.rawValue == "57P01")
            }
            await master.close()
        }
    }

    @Test func `a database that does not exist is a refused connection`() async throws {
        try await PostgresServer.withServer { server in
            let error = await failure { try await PostgresConnection.connect(server.url(database: "nowhere")) }
            #expect(error?.code == .connectRefusedByServer)
            #expect(error?.sqlState?.rawValue == "3D000")
        }
    }
}
