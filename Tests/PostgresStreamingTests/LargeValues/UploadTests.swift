import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Parameters that are sent in pieces.
@Suite(.timeLimit(.minutes(2))) struct UploadTests {
    private static let shapes: [[Int]] = [[], [0], [1], [0, 1, 0], [70_000, 3, 300_000], [1_000_000]]

    private func make(_ connection: PostgresConnection) async throws {
        try await connection.execute("CREATE TEMPORARY TABLE document (id int8, body bytea, note text)")
    }

    private func only(_ connection: PostgresConnection) async throws -> [UInt8]? {
        let rows = try await connection.query("DELETE FROM document RETURNING body").collect()
        #expect(rows.count <= 1)
        return try rows.first?.decode(column: 0, as: [UInt8].self)
    }

    @Test(arguments: LiveServer.allCases)
    func `a value arrives as it was sent, however it was cut`(server: LiveServer) async throws {
        let connection = try await server.connect()
        try await make(connection)
        for lengths in Self.shapes {
            let pieces = Pieces(lengths: lengths)
            let count = lengths.reduce(0, +)
            let tag = try await connection.execute(
                "INSERT INTO document VALUES (\(1), \(streamed: .bytea), \("after"))", sending: pieces, byteCount: count
            )
            #expect(tag?.description == "INSERT 0 1")
            #expect(try await only(connection) == pieces.bytes, "\(lengths)")
        }
        let rows = try await connection.query(
            "INSERT INTO document VALUES (7, \(streamed: .bytea)) RETURNING id, length(body)",
            sending: Pieces(lengths: [5_000]), byteCount: 5_000)
        let row = try await rows.only()
        #expect(try row[0, as: Int.self] == 7 && row[1, as: Int32.self] == 5_000)
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `it is sent in a transaction, from a pool, and as text`(server: LiveServer) async throws {
        let connection = try await server.connect()
        try await make(connection)
        try await connection.withTransaction { transaction in
            try await transaction.execute(
                "INSERT INTO document VALUES (1, \(streamed: .bytea))", sending: Pieces(lengths: [9, 9]), byteCount: 18)
            try await transaction.execute("UPDATE document SET id = 2")
        }
        #expect(try await connection.query("SELECT id FROM document").only().decode(Int.self) == 2)
        await connection.close()
        let configuration = try await PostgresConfiguration(connectionString: server.server.url)
        try await PostgresClient.withClient(configuration) { client in
            try await client.withConnection { connection in
                try await connection.execute("CREATE TEMPORARY TABLE kept (body jsonb)")
                try await connection.execute(
                    "INSERT INTO kept VALUES (\(streamed: .jsonb))", sending: Text(pieces: ["{\"a\":", " [1, 2]}"]),
                    byteCount: 13)
                #expect(
                    try await connection.query("SELECT body::text FROM kept").only().decode(String.self)
                        == "{\"a\": [1, 2]}")
            }
            try await client.execute(
                "SELECT length(\(streamed: .bytea))", sending: Pieces(lengths: [9]), byteCount: 9)
        }
    }

    private struct Text: AsyncSequence {
        let pieces: [String]

        struct AsyncIterator: AsyncIteratorProtocol {
            var pieces: ArraySlice<String>
            mutating func next() async -> [UInt8]? { pieces.popFirst().map { Array($0.utf8) } }
        }

        func makeAsyncIterator() -> AsyncIterator { AsyncIterator(pieces: pieces[...]) }
    }

    @Test(arguments: LiveServer.allCases)
    func `a source that fails, ends early or is longer writes nothing and closes the connection`(
        server: LiveServer
    ) async throws {
        let observer = try await server.connect()
        let table = PostgresIdentifier("upload_\(UInt32.random(in: 0 ... .max))")
        try await observer.execute("CREATE TABLE \(table) (body bytea)")
        for (pieces, byteCount) in [
            (Pieces(lengths: [400_000], failsAtEnd: true), 400_001), (Pieces(lengths: [10], failsAtEnd: true), 10),
            (Pieces(lengths: [400_000]), 400_001), (Pieces(lengths: [10, 10]), 19), (Pieces(lengths: [1]), 0),
        ] {
            let connection = try await server.connect()
            do {
                try await connection.execute(
                    "INSERT INTO \(table) VALUES (\(streamed: .bytea))", sending: pieces, byteCount: byteCount)
                Issue.record("\(byteCount) bytes were taken for \(pieces.lengths)")
            } catch {
                #expect(pieces.failsAtEnd == (error is Pieces.Broken))
                if let error = error as? PostgresError {
                    #expect(error.code == .parameterInvalid && !error.isConnectionUsable)
                }
            }
            #expect(await failure { try await connection.execute("SELECT 1") }?.code == .connectionClosed)
        }
        #expect(try await observer.query("SELECT count(*) FROM \(table)").only().decode(Int.self) == 0)
        try await observer.execute("DROP TABLE \(table)")
        await observer.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `what is wrong with the statement is known before the source is asked`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let pieces = Pieces(lengths: [1]) { _ in Issue.record("the source was asked") }
        func attempt(_ query: PostgresQuery, byteCount: Int = 1) async -> PostgresError? {
            await failure { try await connection.execute(query, sending: pieces, byteCount: byteCount) }
        }
        #expect(await attempt("INSERT INTO nowhere VALUES (\(streamed: .bytea))")?.sqlState == .undefinedTable)
        #expect(await attempt("SELECT 1")?.code == .queryInvalid)
        #expect(await attempt("SELECT \(streamed: .bytea), \(streamed: .bytea)")?.code == .queryInvalid)
        #expect(await attempt("SELECT \(streamed: .bytea)", byteCount: -1)?.code == .queryInvalid)
        #expect(await attempt("SELECT \(streamed: .bytea)", byteCount: (1 << 30) - 1)?.code == .queryInvalid)
        #expect(await attempt("SELECT \(streamed: .bytea)", byteCount: .max)?.code == .queryInvalid)
        let plain = await failure { try await connection.execute("SELECT \(streamed: .bytea)") }
        #expect(plain?.code == .queryInvalid && plain?.hint?.contains("sending") == true)
        #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `an error of the server comes after the value, and the connection goes on`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let error = await failure {
            try await connection.execute(
                "SELECT 1 / (length(\(streamed: .bytea)) - 3000000)", sending: Pieces(lengths: [1_000_000, 2_000_000]),
                byteCount: 3_000_000)
        }
        #expect(error?.sqlState == .divisionByZero && error?.isConnectionUsable == true)
        #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
        await connection.close()
    }

    @Test func `an answer before the value is whole ends it`() async throws {
        let description = BackendBytes().message("1").message("t", BackendBytes.int16(1) + [0, 0, 0, 17]).message("n")
            .ready()
        let answers = [
            BackendBytes().error("ERROR", "54000", "too long").ready(), BackendBytes().complete("INSERT 0 1").ready(),
        ]
        let scripts = answers.map { answer -> [Step] in
            [
                .expectStartup, .send(BackendBytes.welcome), .expect("PDS"), .send(description.bytes), .expectBytes(30),
                .send(answer.bytes), .expectAnyEnd,
            ]
        }
        try await ScriptedServer.run(scripts: scripts, on: .abstractUnix) { server in
            for isError in [true, false] {
                let connection = try await PostgresConnection.connect(server.url)
                let error = await failure {
                    try await connection.execute(
                        "INSERT INTO t VALUES (\(streamed: .bytea))",
                        sending: Pieces(lengths: Array(repeating: 100_000, count: 40)), byteCount: 4_000_000)
                }
                #expect(isError ? error?.sqlState == .programLimitExceeded : error?.code == .protocolViolation)
                #expect(error?.isConnectionUsable == false)
                await connection.close()
            }
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `cancelling and time limits end it, and the connection with it`(server: LiveServer) async throws {
        let url = try await server.server.url
        for isCancelled in [true, false] {
            let (started, ended) = (Gate(), Gate())
            let held = Pieces(lengths: [10, 10]) { index in
                if index == 1 {
                    started.open()
                    await ended.wait()
                }
            }
            let task = Task { try await Self.errorOfSending(held, to: url, isLimited: !isCancelled) }
            await started.wait()
            if isCancelled { task.cancel() }
            let start = ContinuousClock.now
            while !isCancelled, start.duration(to: .now) < .milliseconds(30) { await Task.yield() }
            ended.open()
            let error = try await task.value
            #expect(error?.code == (isCancelled ? .cancelled : .queryTimedOut) && error?.isConnectionUsable == false)
        }
    }

    /// Sends twenty bytes on a connection of its own.
    private static func errorOfSending(_ pieces: Pieces, to url: String, isLimited: Bool) async throws -> PostgresError?
    {
        let connection = try await PostgresConnection.connect(url)
        let options = StreamOptions { $0.timeout = isLimited ? .milliseconds(20) : nil }
        do {
            try await connection.execute(
                "SELECT length(\(streamed: .bytea))", sending: pieces, byteCount: 20, options: options)
            return nil
        } catch {
            #expect(await failure { try await connection.execute("SELECT 1") }?.code == .connectionClosed)
            return error as? PostgresError
        }
    }
}
