import PostgresStreaming
import PostgresTestSupport
import Testing

/// What a transaction says, flight by flight, and what becomes of it where the answers fail to come.
@Suite(.timeLimit(.minutes(1))) struct TransactionFlightTests {
    private static let begun = BackendBytes().message("1").message("2").complete("BEGIN")

    /// BEGIN and the first query, in one flight.
    private static let beginning: [Step] = [
        .expect("PBEPBDES"), .send(begun.bytes + BackendBytes.answer(1...3, status: "T")),
    ]

    private static func commit(_ tag: String = "COMMIT") -> [Step] {
        [.expect("PBES"), .send(BackendBytes().message("1").message("2").complete(tag).ready().bytes)]
    }

    private static let trackedID = BackendBytes().message("1").message("2")
        .row([Array("742".utf8), Array("00000001".utf8), Array("1".utf8)]).complete("SELECT 1").bytes

    private func ask(_ database: some PostgresQuerying) async throws -> [Int] {
        try await database.query("SELECT n FROM numbers").decode(Int.self).collect()
    }

    private func play(
        _ steps: [Step]..., as body: nonisolated(nonsending) (PostgresConnection) async throws -> Void
    ) async throws {
        try await ScriptedServer.run(script(.welcome, steps.flatMap(\.self))) { server in
            let connection = try await PostgresConnection.connect(server.url)
            try await body(connection)
            await connection.close()
        }
    }

    @Test func `the first statement takes BEGIN along, and the commit has a flight of its own`() async throws {
        try await play(Self.beginning, Self.commit(), [.expectEnd]) { connection in
            let numbers = try await connection.withTransaction { try await ask($0) }
            #expect(numbers == [1, 2, 3])
        }
    }

    @Test func `a transaction without a statement says nothing`() async throws {
        try await play([.expectEnd]) { connection in
            #expect(try await connection.withTransaction { _ in 5 } == 5)
            try await connection.withTransaction { try await $0.withSavepoint { _ in } }
            _ = await failure { try await connection.withTransaction { _ in throw PostgresError(.invalidState, "no") } }
        }
    }

    @Test func `a savepoint rides with the statements around it`() async throws {
        let saved: [Step] = [
            .expect("PBEPBDES"),
            .send(
                BackendBytes().message("1").message("2").complete("SAVEPOINT").bytes
                    + BackendBytes.answer(1...3, status: "T")),
        ]
        let released: [Step] = [
            .expect("PBEPBES"),
            .send(
                BackendBytes().message("1").message("2").complete("RELEASE").message("1").message("2")
                    .complete("COMMIT").ready().bytes),
        ]
        try await play(Self.beginning, saved, released, [.expectEnd]) { connection in
            try await connection.withTransaction { transaction in
                _ = try await ask(transaction)
                try await transaction.withSavepoint { _ = try await ask($0) }
            }
        }
    }

    @Test func `what is new within a block and may return rows is described before it runs, once`() async throws {
        let described: [Step] = [.expect("PDS"), .send(BackendBytes.description(status: "T"))]
        let updated: [Step] = [
            .expect("PBDES"),
            .send(BackendBytes().message("1").message("2").message("n").complete("UPDATE 1").ready("T").bytes),
        ]
        let answer = [Step].answer(4...6, status: "T")
        let whole: [Step] = script(
            .welcome, Self.beginning, described, answer, answer, updated, Self.commit(), [.expectEnd])
        for isKept in [true, false] {
            try await ScriptedServer.run(whole) { server in
                var configuration = try PostgresConfiguration(connectionString: server.url)
                if !isKept { configuration.statementCache = .off }
                let connection = try await PostgresConnection.connect(configuration)
                try await connection.withTransaction { transaction in
                    #expect(try await ask(transaction) == [1, 2, 3])
                    for _ in 1...2 {
                        let numbers = try await transaction.query("SELECT n FROM others").decode(Int.self).collect()
                        #expect(numbers == [4, 5, 6])
                    }
                    try await transaction.execute("UPDATE numbers SET n = 2")
                }
                await connection.close()
            }
        }
    }

    @Test func `a commit that the server turned into a rollback is an error`() async throws {
        try await play(Self.beginning, Self.commit("ROLLBACK"), [.expectEnd]) { connection in
            let error = await failure { try await connection.withTransaction { try await ask($0) } }
            #expect(error?.code == .transactionRolledBack && error?.isConnectionUsable == true)
        }
    }

    @Test(arguments: [false, true])
    func `a commit whose answer is lost is unknown, and its number is known where it was asked for`(
        isTracked: Bool
    ) async throws {
        let lost: [Step] =
            isTracked ? [.expect("PBEHPBES"), .send(Self.trackedID), .close] : [.expect("PBES"), .close]
        try await play(Self.beginning, lost) { connection in
            let options = TransactionOptions { $0.tracksCommit = isTracked }
            let error = await failure { try await connection.withTransaction(options: options) { try await ask($0) } }
            #expect(error?.code == .commitUnknown && error?.isRetrySafe == false)
            #expect(error?.isConnectionUsable == false)
            #expect(error?.transactionID?.number == (isTracked ? 742 : nil))
        }
    }

    // MARK: the number rides with what writes

    private static func named(_ number: String?) -> BackendBytes {
        BackendBytes().message("1").message("2")
            .row([number.map { Array($0.utf8) }, Array("00000001".utf8), Array("1".utf8)]).complete("SELECT 1")
    }

    private static func inserted(_ count: Int, named number: String?) -> [UInt8] {
        begun.message("1").message("2").message("n").complete("INSERT 0 \(count)").bytes
            + named(number).ready("T").bytes
    }

    private let tracked = TransactionOptions { $0.tracksCommit = true }

    @Test func `the first statement that writes brings the number, and a commit that is lost whole is known`()
        async throws
    {
        let write: [Step] = [.expect("PBEPBDEPBES"), .send(Self.inserted(1, named: "742"))]
        // The commit is all that is left to say, and nothing of its answer arrives.
        try await play(write, [.expect("PBES"), .close]) { connection in
            let error = await failure {
                try await connection.withTransaction(options: tracked) {
                    let tag = try await $0.execute("INSERT INTO numbers VALUES (1)")
                    #expect(tag?.rows == 1)
                }
            }
            #expect(error?.code == .commitUnknown && error?.transactionID?.number == 742)
            #expect(error?.transactionID?.timeline == "00000001" && error?.transactionID?.recoveryMark == "1")
        }
    }

    @Test func `a statement that wrote nothing leaves the question to the next, and to the commit`() async throws {
        let updated: [Step] = [
            .expect("PBDEPBES"),
            .send(
                BackendBytes().message("1").message("2").message("n").complete("UPDATE 0").bytes
                    + Self.named(nil).ready("T").bytes),
        ]
        let write: [Step] = [.expect("PBEPBDEPBES"), .send(Self.inserted(0, named: nil))]
        let commit: [Step] = [
            // The question came before, so that it has a name now and is no longer parsed.
            .expect("BEHPBES"),
            .send(
                BackendBytes().message("2").row([nil, Array("00000001".utf8), Array("1".utf8)]).complete("SELECT 1")
                    .message("1").message("2").complete("COMMIT").ready().bytes),
        ]
        try await play(write, updated, commit, [.expectEnd]) { connection in
            try await connection.withTransaction(options: tracked) {
                try await $0.execute("INSERT INTO numbers SELECT 1 WHERE false")
                try await $0.execute("UPDATE numbers SET n = 2 WHERE false")
            }
        }
    }

    @Test func `rows that a statement returns are its own, and the number is none of them`() async throws {
        let write: [Step] = [
            .expect("PBEPBDEPBES"),
            .send(
                Self.begun.bytes + BackendBytes.beginning.rows(1...3).complete("INSERT 0 3").bytes
                    + Self.named("742").ready("T").bytes),
        ]
        try await play(write, Self.commit(), [.expectEnd]) { connection in
            let numbers = try await connection.withTransaction(options: tracked) {
                try await $0.query("INSERT INTO numbers VALUES (1), (2), (3) RETURNING n").decode(Int.self).collect()
            }
            #expect(numbers == [1, 2, 3])
        }
    }

    @Test func `a question that the server has lost fails the transaction as one that may be run again`() async throws {
        let lost: [Step] = [
            .expect("PBEPBDEPBES"),
            .send(
                Self.begun.message("1").message("2").message("n").complete("INSERT 0 1").bytes
                    + BackendBytes().error("ERROR", "26000", "prepared statement does not exist").ready("E").bytes),
            .expect("PBES"), .send(BackendBytes().message("1").message("2").complete("ROLLBACK").ready().bytes),
        ]
        try await play(lost, [.expectEnd]) { connection in
            let error = await failure {
                try await connection.withTransaction(options: tracked) {
                    try await $0.execute("INSERT INTO numbers VALUES (1)")
                }
            }
            #expect(error?.code == .statementOutdated && error?.isRetrySafe == true)
        }
    }

    @Test(arguments: [
        ("insert into numbers values (1)", true), ("  /* one /* two */ */ -- three\n UPDATE numbers SET n = 1", true),
        ("(DELETE FROM numbers)", true), ("MERGE INTO numbers USING others ON true", true),
        ("WITH gone AS (DELETE FROM numbers RETURNING n) SELECT * FROM gone", true),
        ("WITH kept AS (SELECT 1) SELECT * FROM kept", false), ("SELECT n FROM inserted", false),
        ("LOCK TABLE updates", false), ("-- insert\nSET TRANSACTION READ WRITE", false), ("insertion", false),
        ("", false),
        ("/* insert", false), ("--", false),
    ])
    func `what writes is told by its words`(sql: String, writes: Bool) async throws {
        try await ask(sql, writes: writes)
    }

    @Test func `of a long text the beginning tells, and what it leaves open is taken to write`() async throws {
        let filler = String(repeating: "x", count: 70_000)
        try await ask("SELECT '\(filler)', insert", writes: false)
        try await ask("/* \(filler) */ SELECT 1", writes: true)
        try await ask("WITH kept AS (SELECT '\(filler)') SELECT * FROM kept", writes: true)
    }

    /// Runs a statement in a transaction that is tracked, and expects the question for its number where it writes.
    private func ask(_ sql: String, writes: Bool) async throws {
        let statement: [Step] = [
            .expect(writes ? "PBEPBDEPBES" : "PBEPBDES"),
            .send(
                Self.begun.message("1").message("2").message("n").complete("DONE").bytes
                    + (writes ? Self.named("742").bytes : []) + BackendBytes().ready("T").bytes),
        ]
        try await play(statement, [.expect(writes ? "PBES" : "PBEHPBES"), .close]) { connection in
            _ = await failure {
                try await connection.withTransaction(options: tracked) {
                    try await $0.execute(PostgresQuery(unsafeSQL: sql))
                }
            }
        }
    }

    @Test func `a server that ends the session before it names the transaction has not committed it`() async throws {
        let ended: [Step] = [
            .expect("PBEHPBES"), .send(BackendBytes().error("FATAL", "57P01", "terminating connection").bytes), .close,
        ]
        try await play(Self.beginning, ended) { connection in
            let options = TransactionOptions { $0.tracksCommit = true }
            let error = await failure { try await connection.withTransaction(options: options) { try await ask($0) } }
            #expect(error?.code == .sessionEndedByServer)
        }
    }

    @Test func `a commit is waited for although its task is cancelled meanwhile`() async throws {
        let (sent, cancelled) = (Gate(), Gate())
        let commit: [Step] = [
            .expect("PBES"), .reach(sent), .hold(until: cancelled),
            .send(BackendBytes().message("1").message("2").complete("COMMIT").ready().bytes),
        ]
        try await ScriptedServer.run(script(.welcome, Self.beginning, commit, [.expectEnd])) { server in
            let task = Task { [url = server.url] in
                let connection = try await PostgresConnection.connect(url)
                let numbers = try await connection.withTransaction { try await ask($0) }
                await connection.close()
                return numbers
            }
            await sent.wait()
            task.cancel()
            cancelled.open()
            let numbers = try await task.value
            #expect(numbers == [1, 2, 3])
        }
    }

    @Test func `a connection that is lost before the commit is no unknown outcome`() async throws {
        try await play(Self.beginning, [.expect("PBDES"), .close]) { connection in
            let error = await failure {
                try await connection.withTransaction { transaction in
                    for _ in 1...2 { _ = try await ask(transaction) }
                }
            }
            #expect(error?.code == .connectionLost)
        }
    }
}
