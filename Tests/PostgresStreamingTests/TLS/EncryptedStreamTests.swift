import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Rows over TLS: all of them, right, and no more than the consumer asks for.
@Suite(.timeLimit(.minutes(1))) struct EncryptedStreamTests {
    private static let count: Int64 = 200_000
    /// Rows whose numbers look like noise, which a lost or doubled row would show in their sum.
    private static let rows: PostgresQuery = """
        SELECT i::int8, (i * 2654435761 % 4294967296)::int8 FROM generate_series(1, \(unsafeSQL: "\(count)")::int8) i
        """

    private func sum(_ rows: RowStream) async throws -> (count: Int64, sum: Int64) {
        var (count, sum): (Int64, Int64) = (0, 0)
        for try await (index, number) in rows.decode((Int64, Int64).self) {
            count += 1
            #expect(index == count)
            sum &+= number &* count
        }
        return (count, sum)
    }

    private static var expected: Int64 {
        (1...count).reduce(0) { $0 &+ ($1 * 2_654_435_761 % 4_294_967_296) &* $1 }
    }

    @Test(arguments: ["TLSv1.2", "TLSv1.3"])
    func `every row arrives once and in order`(version: String) async throws {
        let server = try await TLSServer.shared
        let words = "\(server.verifyFull) ssl_max_protocol_version=\(version)"
        let connection = try await server.connect(server.string(words))
        let result = try await sum(connection.query(Self.rows))
        #expect(result == (Self.count, Self.expected))
        await connection.close()
    }

    @Test func `keys that change under way change nothing`() async throws {
        let server = try await TLSServer.shared
        let options = ScriptedServer.Options { $0.bytesBetweenKeyUpdates = 100_000 }
        try await FaultProxy.run(to: server.port, endingTLS: .towardServer) { hop in
            let front = try await ScriptedServer.run(
                onEvery: [.answerSSLRequest([UInt8(ascii: "S")]), .handshake, .relay(to: hop.port)], options: options
            ) { front in
                let connection = try await server.connect(server.string(server.verifyFull, port: front.port))
                let result = try await sum(connection.query(Self.rows))
                #expect(result == (Self.count, Self.expected))
                #expect(await Outcome.of("SELECT 4711::int8", on: connection).numbers == [4711])
                await connection.close()
                return front
            }
            #expect(front.transcripts.map { $0.keyUpdates > 10 } == [true])
        }
    }

    @Test(arguments: ["TLSv1.2", "TLSv1.3"])
    func `a stream that is cut is no end of rows`(version: String) async throws {
        let server = try await TLSServer.shared
        let query: PostgresQuery = "SELECT generate_series(1, 3000)::int8"
        // In the middle of a record, of a row, of the end, at the end of everything.
        for bytes in [1, 5, 6, 1000, 8192, 20_000, 33_333, 55_555, 57_050] {
            try await FaultProxy.run(to: server.port) { proxy in
                let words = "\(server.verifyFull) ssl_max_protocol_version=\(version)"
                let connection = try await server.connect(server.string(words, port: proxy.port))
                proxy.inject(.cut, after: .bytes(bytes), .toClient)
                let outcome = await Outcome.of(query, on: connection)
                #expect(outcome.error?.code == .connectionLost, "\(bytes)")
                #expect(outcome.error?.isConnectionUsable == false)
                #expect(outcome.numbers == Array(1...3000).prefix(outcome.numbers.count).map(Int64.init))
            }
        }
    }

    @Test(arguments: [1000, 8192, 33_333, 57_050])
    func `a good-bye in mid-stream is no end of rows`(bytes: Int) async throws {
        let (server, live) = (try await TLSServer.shared, try await LiveServer.postgres18.server)
        try await FaultProxy.run(to: UInt16(live.port)) { proxy in
            try await ScriptedServer.run(
                onEvery: [.answerSSLRequest([UInt8(ascii: "S")]), .handshake, .relay(to: proxy.port)]
            ) { front in
                let words = "\(server.verifyFull) password=\(live.password)"
                let connection = try await server.connect(server.string(words, user: live.user, port: front.port))
                proxy.inject(.cut, after: .bytes(bytes), .toClient)
                let outcome = await Outcome.of("SELECT generate_series(1, 3000)::int8", on: connection)
                #expect(outcome.error?.code == .connectionLost)
                #expect(outcome.numbers == Array(1...3000).prefix(outcome.numbers.count).map(Int64.init))
            }
        }
    }

    @Test func `a reset in the middle is a lost connection`() async throws {
        let server = try await TLSServer.shared
        try await FaultProxy.run(to: server.port) { proxy in
            let connection = try await server.connect(server.string(server.verifyFull, port: proxy.port))
            var (count, code) = (0, PostgresError.Code?.none)
            do throws(PostgresError) {
                for try await _ in try await connection.query("SELECT generate_series(1, 100000000)") {
                    count += 1
                    if count == 1000 { proxy.reset() }
                }
            } catch {
                code = error.code
            }
            #expect(code == .connectionLost)
        }
    }

    @Test func `the server waits for a consumer that pauses`() async throws {
        let server = try await TLSServer.shared
        let observer = try await PostgresConnection.connect(server.adminURL)
        let connection = try await server.connect(server.string(server.verifyFull))
        let pid = try #require(await Outcome.of("SELECT pg_backend_pid()::int8", on: connection).numbers.first)
        let (total, pause) = (Int64(100_000), Int64(10))
        let waiting: PostgresQuery = """
            SELECT count(*)::int8 FROM pg_stat_activity WHERE pid = \(pid) AND wait_event = 'ClientWrite'
            """
        var count: Int64 = 0
        // 800 bytes a row: far more than sockets and buffers hold.
        let rows = try await connection.query("SELECT i, repeat('x', 800) FROM generate_series(1, \(total)::int8) i")
        for try await (index, text) in rows.decode((Int64, String).self) {
            count += 1
            #expect(index == count)
            #expect(text.utf8.count == 800)
            if count == pause {
                while await Outcome.of(waiting, on: observer).numbers != [1] {}
            }
        }
        #expect(count == total)
    }

    @Test func `a row of 20 MB arrives whole`() async throws {
        let server = try await TLSServer.shared
        let connection = try await server.connect(server.string(server.verifyFull))
        let rows = try await connection.query("SELECT repeat('0123456789abcdef', 1250000), 7::int8")
        for try await (text, number) in rows.decode((String, Int64).self) {
            #expect(text.utf8.count == 20_000_000)
            #expect(text == String(repeating: "0123456789abcdef", count: 1_250_000))
            #expect(number == 7)
        }
    }

    @Test func `a parameter of 20 MB arrives whole`() async throws {
        let server = try await TLSServer.shared
        let connection = try await server.connect(server.string(server.verifyFull))
        let text = String(repeating: "0123456789abcdef", count: 1_250_000)
        let row = try await connection.query(
            "SELECT \(text) = repeat('0123456789abcdef', 1250000)"
        ).first()
        #expect(try row?.decode(Bool.self) == true)
    }

    @Test(arguments: ["TLSv1.2", "TLSv1.3"])
    func `a thousand questions have a thousand answers`(version: String) async throws {
        let server = try await TLSServer.shared
        let words = "\(server.verifyFull) ssl_max_protocol_version=\(version)"
        let connection = try await server.connect(server.string(words))
        for number in Int64(1)...1000 {
            #expect(try await connection.query("SELECT \(number)").first()?.decode(Int64.self) == number)
        }
    }
}
