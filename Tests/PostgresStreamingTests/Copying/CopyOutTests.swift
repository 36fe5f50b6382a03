import PostgresStreaming
import PostgresTestSupport
import Testing

/// COPY to the client on real servers.
@Suite(.timeLimit(.minutes(1))) struct CopyOutTests {
    @Test(arguments: LiveServer.allCases, [QueryMode.extended, .simple])
    func `the data of a COPY comes as the server writes it`(_ live: LiveServer, _ mode: QueryMode) async throws {
        let connection = try await live.connect()
        let data = try await connection.copyOut(
            "COPY (SELECT n, 'x' || n FROM generate_series(1, 3) AS n) TO STDOUT (FORMAT csv)", mode: mode)
        #expect(!data.isBinary)
        #expect(data.columnCount == 2)
        #expect(String(decoding: try await data.collect(), as: UTF8.self) == "1,x1\n2,x2\n3,x3\n")
        #expect(data.commandTag?.rows == 3)
        #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
    }

    @Test(arguments: LiveServer.allCases)
    func `each row is a piece, also one without a byte of its own`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let data = try await connection.copyOut("COPY (SELECT '' FROM generate_series(1, 5000)) TO STDOUT")
        var (pieces, bytes) = (0, 0)
        for try await chunk in data {
            pieces += chunk.count
            for index in 0..<chunk.count {
                #expect(chunk.piece(index).byteCount == 1)
                bytes += chunk.piece(index).byteCount
            }
            #expect(chunk.bytes().count == chunk.byteCount)
        }
        #expect(pieces == 5000)
        #expect(bytes == 5000)
        #expect(data.statistics.rows == 5000)
    }

    @Test(arguments: LiveServer.allCases)
    func `a long COPY is left early and the connection goes on`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let data = try await connection.copyOut("COPY (SELECT generate_series(1, 100000000)) TO STDOUT")
        for try await chunk in data {
            #expect(chunk.count > 0)
            break
        }
        #expect(try await connection.query("SELECT 2").only().decode(Int.self) == 2)
    }

    @Test(arguments: LiveServer.allCases)
    func `an error in the middle is thrown after the rows before it`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let data = try await connection.copyOut(
            "COPY (SELECT 1 / (5000 - n) FROM generate_series(1, 6000) n) TO STDOUT")
        let error = await failure { for try await _ in data {} }
        #expect(error?.sqlState == .divisionByZero)
        #expect(error?.isConnectionUsable == true)
        #expect(try await connection.query("SELECT 3").only().decode(Int.self) == 3)
    }

    @Test(arguments: LiveServer.allCases)
    func `what is no COPY to the client is refused, and the connection goes on`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE taken (n int)")
        for mode in [QueryMode.extended, .simple] {
            let notCopy = await failure { try await connection.copyOut("SELECT 1", mode: mode) }
            #expect(notCopy?.code == .queryInvalid)
            let input = await failure { try await connection.copyOut("COPY taken FROM STDIN", mode: mode) }
            #expect(input?.code == .queryInvalid)
            #expect(input?.isConnectionUsable == true)
            let missing = await failure { try await connection.copyOut("COPY missing TO STDOUT", mode: mode) }
            #expect(missing?.sqlState == .undefinedTable)
        }
        let parameter = await failure { try await connection.copyOut("COPY (SELECT \(1)) TO STDOUT") }
        #expect(parameter?.code == .unsupported)
        #expect(try await connection.query("SELECT 4").only().decode(Int.self) == 4)
    }

    @Test(arguments: LiveServer.allCases)
    func `a COPY in a transaction sees what that did`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE made (n int)")
        let text = try await connection.withTransaction { transaction in
            // The first statement takes BEGIN along.
            let before = try await transaction.copyOut("COPY made TO STDOUT").collect()
            #expect(before.isEmpty)
            try await transaction.execute("INSERT INTO made VALUES (7)")
            return String(decoding: try await transaction.copyOut("COPY made TO STDOUT").collect(), as: UTF8.self)
        }
        #expect(text == "7\n")
    }

    @Test(arguments: LiveServer.allCases)
    func `a paused COPY keeps the server waiting, and goes on`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let data = try await connection.copyOut("COPY (SELECT n FROM generate_series(1, 200000) AS n) TO STDOUT")
        var rows = 0
        var isPaused = false
        for try await chunk in data {
            rows += chunk.count
            if !isPaused {
                isPaused = true
                data.control.pause(for: .milliseconds(20))
            }
        }
        #expect(rows == 200_000)
    }

    @Test(arguments: LiveServer.allCases)
    func `a field beyond the limit for values fails`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let options = StreamOptions { $0.valueBytesMax = 1000 }
        let data = try await connection.copyOut(
            "COPY (SELECT repeat('x', n) FROM generate_series(990, 2000) n) TO STDOUT", options: options)
        let error = await failure { for try await _ in data {} }
        #expect(error?.code == .memoryLimitExceeded)
        #expect(try await connection.query("SELECT 5").only().decode(Int.self) == 5)
    }
}
