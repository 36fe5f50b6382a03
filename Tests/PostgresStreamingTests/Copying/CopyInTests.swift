import PostgresStreaming
import PostgresTestSupport
import Testing

/// COPY from the client on real servers: all rows or none, and the connection's fate.
@Suite(.timeLimit(.minutes(1))) struct CopyInTests {
    private struct SourceFailure: Error {}

    private static func table(on connection: PostgresConnection) async throws {
        try await connection.execute("CREATE TEMPORARY TABLE target (n int PRIMARY KEY, name text)")
    }

    private static func count(on connection: PostgresConnection) async throws -> Int {
        try await connection.query("SELECT count(*) FROM target").only().decode(Int.self)
    }

    @Test(arguments: LiveServer.allCases, [QueryMode.extended, .simple])
    func `data that is sent takes effect when the closure returns`(_ live: LiveServer, _ mode: QueryMode) async throws {
        let connection = try await live.connect()
        try await Self.table(on: connection)
        let result = try await connection.copyIn("COPY target FROM STDIN (FORMAT csv)", mode: mode) { writer in
            try await writer.write("1,o")
            try await writer.write(Array("ne\n2,two\n".utf8))
        }
        #expect(result.rowCount == 2)
        #expect(result.sentBytes == 12)
        let names = try await connection.query("SELECT name FROM target ORDER BY n").decode(String.self).collect()
        #expect(names == ["one", "two"])
    }

    @Test(arguments: LiveServer.allCases, [QueryMode.extended, .simple])
    func `an error of the source undoes all, and the connection goes on`(
        _ live: LiveServer, _ mode: QueryMode
    ) async throws {
        let connection = try await live.connect()
        try await Self.table(on: connection)
        for rows in [0, 1, 50_000] {
            await #expect(throws: SourceFailure.self) {
                try await connection.copyIn("COPY target FROM STDIN", mode: mode) { writer in
                    for row in 0..<rows { try await writer.write("\(row)\tx\n") }
                    throw SourceFailure()
                }
            }
            #expect(try await Self.count(on: connection) == 0)
        }
    }

    @Test(arguments: LiveServer.allCases, [QueryMode.extended, .simple])
    func `an error of the server ends the COPY in the middle`(_ live: LiveServer, _ mode: QueryMode) async throws {
        let connection = try await live.connect()
        try await Self.table(on: connection)
        var written = 0
        let error = await failure {
            try await connection.copyIn("COPY target FROM STDIN", mode: mode) { writer in
                while written < 100_000_000 {
                    try await writer.write(written == 10 ? "no number\tx\n" : "\(written)\tx\n")
                    written += 1
                }
            }
        }
        #expect(error?.sqlState == .invalidTextRepresentation)
        #expect(error?.server?.context?.contains("line 11") == true)
        #expect(error?.isConnectionUsable == true)
        #expect(written < 100_000_000)
        #expect(try await Self.count(on: connection) == 0)
    }

    @Test(arguments: LiveServer.allCases)
    func `a constraint that fails at the end is thrown at the end`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute(
            "CREATE TEMPORARY TABLE target (n int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, name text)")
        let error = await failure {
            try await connection.copyIn("COPY target FROM STDIN") { writer in
                try await writer.write("1\tx\n1\ty\n")
            }
        }
        #expect(error?.sqlState == .uniqueViolation)
        #expect(try await Self.count(on: connection) == 0)
    }

    @Test(arguments: LiveServer.allCases)
    func `an error that the closure hides is thrown all the same`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await Self.table(on: connection)
        let error = await failure {
            try await connection.copyIn("COPY target FROM STDIN") { writer in
                try? await writer.write("no number\tx\n")
                for _ in 0..<1000 { try? await writer.write(String(repeating: "1\tx\n", count: 1000)) }
            }
        }
        #expect(error?.sqlState == .invalidTextRepresentation)
        #expect(try await Self.count(on: connection) == 0)
    }

    @Test(arguments: LiveServer.allCases)
    func `a cancelled task gives the COPY up`(_ live: LiveServer) async throws {
        let task = Task {
            let connection = try await live.connect()
            try await Self.table(on: connection)
            let error = await failure {
                try await connection.copyIn("COPY target FROM STDIN") { writer in
                    try await writer.write("1\tx\n")
                    unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                    for row in 2..<100_000_000 { try await writer.write("\(row)\tx\n") }
                }
            }
            let state = await failure { try await connection.execute("SELECT 1") }
            return (error, state)
        }
        let (error, next) = try await task.value
        #expect(error?.code == .cancelled)
        #expect(error?.isConnectionUsable == true)
        #expect(next?.code == .cancelled)
    }

    @Test(arguments: LiveServer.allCases)
    func `the time for a COPY includes that of its source`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await Self.table(on: connection)
        let error = await failure {
            let options = PostgresCopyInput { $0.timeout = .milliseconds(100) }
            try await connection.copyIn("COPY target FROM STDIN", options: options) { writer in
                for row in 0..<100_000_000 { try await writer.write("\(row)\tx\n") }
            }
        }
        #expect(error?.code == .queryTimedOut)
        #expect(try await Self.count(on: connection) == 0)
    }

    @Test(arguments: LiveServer.allCases)
    func `a COPY that fails fails its transaction, unless a savepoint is around it`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await Self.table(on: connection)
        let error = await failure {
            try await connection.withTransaction { transaction in
                try await transaction.copyIn("COPY target FROM STDIN") { try await $0.write("1\tx\n") }
                _ = try? await transaction.copyIn("COPY target FROM STDIN") { try await $0.write("1\tx\n") }
            }
        }
        #expect(error?.code == .transactionRolledBack)
        #expect(try await Self.count(on: connection) == 0)
        try await connection.withTransaction { transaction in
            try await transaction.copyIn("COPY target FROM STDIN") { try await $0.write("1\tx\n") }
            _ = try? await transaction.withSavepoint { savepoint in
                try await savepoint.copyIn("COPY target FROM STDIN") { try await $0.write("1\tx\n") }
            }
            try await transaction.copyIn("COPY target FROM STDIN") { try await $0.write("2\tx\n") }
        }
        #expect(try await Self.count(on: connection) == 2)
    }

    @Test(arguments: LiveServer.allCases)
    func `what is no COPY from the client is refused, and the connection goes on`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await Self.table(on: connection)
        for mode in [QueryMode.extended, .simple] {
            let output = await failure { try await connection.copyIn("COPY target TO STDOUT", mode: mode) { _ in } }
            #expect(output?.code == .queryInvalid)
            #expect(output?.isConnectionUsable == true)
            let missing = await failure { try await connection.copyIn("COPY missing FROM STDIN", mode: mode) { _ in } }
            #expect(missing?.sqlState == .undefinedTable)
        }
        #expect(try await Self.count(on: connection) == 0)
    }

    @Test(arguments: LiveServer.allCases)
    func `a writer that leaves its closure sends nothing`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await Self.table(on: connection)
        var kept: PostgresCopyDataWriter?
        try await connection.copyIn("COPY target FROM STDIN") { kept = $0 }
        let error = await failure { try await kept?.write("1\tx\n") }
        #expect(error?.code == .invalidState)
        #expect(try await Self.count(on: connection) == 0)
    }

    @Test func `one call may send more than a message of the protocol holds`() async throws {
        let connection = try await LiveServer.postgres15.connect()
        try await connection.execute("CREATE TEMPORARY TABLE target (line text)")
        let data = [UInt8](repeating: UInt8(ascii: "x"), count: (40 << 20) - 1) + [UInt8(ascii: "\n")]
        let result = try await connection.copyIn("COPY target FROM STDIN") { try await $0.write(data) }
        #expect(result.rowCount == 1)
        #expect(try await connection.query("SELECT length(line) FROM target").only().decode(Int.self) == data.count - 1)
    }

    @Test(arguments: LiveServer.allCases, [QueryMode.extended, .simple])
    func `a COPY from a program of the server runs without data from here`(
        _ live: LiveServer, _ mode: QueryMode
    ) async throws {
        let connection = try await live.connect()
        try await Self.table(on: connection)
        let result = try await connection.copyIn("COPY target (n) FROM PROGRAM 'echo 1'", mode: mode) { _ in
            Issue.record("no data is asked for")
        }
        #expect(result.rowCount == 1)
        #expect(result.sentBytes == 0)
        #expect(try await Self.count(on: connection) == 1)
    }

    @Test(arguments: LiveServer.allCases)
    func `a savepoint within the closure is refused, and the transaction goes on`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await Self.table(on: connection)
        try await connection.withTransaction { transaction in
            try await transaction.copyIn("COPY target FROM STDIN") { writer in
                try await writer.write("1\tx\n")
                #expect(await failure { try await transaction.withSavepoint { _ in } }?.code == .connectionBusy)
                try await writer.write("2\tx\n")
            }
            try await transaction.withPipeline { pipeline in
                try await pipeline.execute("INSERT INTO target VALUES (3)")
                #expect(await failure { try await transaction.withSavepoint { _ in } }?.code == .connectionBusy)
                try await pipeline.execute("INSERT INTO target VALUES (4)")
            }
        }
        #expect(try await Self.count(on: connection) == 4)
    }

    @Test(arguments: LiveServer.allCases)
    func `a second COPY in a simple query fails all of it, and hangs nothing`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await Self.table(on: connection)
        let twice = await failure {
            try await connection.copyIn("COPY target FROM STDIN; COPY target FROM STDIN", mode: .simple) {
                try await $0.write("1\tx\n")
            }
        }
        #expect(twice?.code == .unsupported)
        #expect(twice?.isConnectionUsable == true)
        for second in ["FROM STDIN", "TO STDOUT"] {
            let error = await failure {
                try await connection.copyOut(
                    "COPY target TO STDOUT; COPY target \(unsafeSQL: second)", mode: .simple
                ).collect()
            }
            #expect(error?.code == .unsupported)
            #expect(error?.isConnectionUsable == true)
        }
        #expect(try await Self.count(on: connection) == 0)
        let result = try await connection.copyIn("COPY target FROM STDIN; SELECT 1, 2, 3", mode: .simple) {
            try await $0.write("1\tx\n2\tx\n")
        }
        #expect(result.rowCount == 2)
    }
}
