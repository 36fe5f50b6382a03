import PostgresStreaming
import PostgresTestSupport
import Testing

/// What a pipeline says, message by message, in the scenarios of libpq's own tests of its pipeline mode.
@Suite(.timeLimit(.minutes(1))) struct PipelineTraceTests {
    /// The answer to a statement that is new and returns no rows.
    private static func command(_ tag: String) -> BackendBytes {
        BackendBytes().message("1").message("2").message("n").complete(tag)
    }

    /// The answer to a query that is new and returns one number.
    private static func number(_ number: Int64) -> BackendBytes {
        BackendBytes.beginning.rows(number...number).complete("SELECT 1")
    }

    private func play(
        _ steps: [Step], as body: nonisolated(nonsending) (PostgresConnection) async throws -> Void
    ) async throws {
        try await ScriptedServer.run(script(.welcome, steps, [.expectEnd])) { server in
            let connection = try await PostgresConnection.connect(server.url)
            try await body(connection)
            await connection.close()
        }
    }

    @Test func `a simple pipeline is one flight with one Sync`() async throws {
        let answer = Self.command("INSERT 0 1").bytes + Self.number(1).bytes + BackendBytes().ready().bytes
        try await play([.expect("PBDEPBDES"), .send(answer)]) { connection in
            try await connection.withPipeline { pipeline async throws in
                try await pipeline.execute("INSERT INTO t VALUES (1)")
                try await pipeline.execute("SELECT 1")
            }
        }
    }

    @Test func `each statement by itself has its own Sync in the same flight`() async throws {
        let answer =
            Self.command("INSERT 0 1").ready().bytes + Self.command("INSERT 0 2").ready().bytes
        try await play([.expect("PBDESPBDES"), .send(answer)]) { connection in
            try await connection.withPipeline(.perStatement) { pipeline async throws in
                try await pipeline.execute("INSERT INTO t VALUES (1)")
                try await pipeline.execute("INSERT INTO t VALUES (1), (2)")
            }
        }
    }

    @Test func `several pipelines go out before the first is answered`() async throws {
        let answer = Self.number(1).ready().bytes + Self.number(2).ready().bytes
        try await play([.expect("PBDESPBDES"), .send(answer)]) { connection in
            let numbers = try await connection.withPipeline { pipeline async throws in
                let first = try await pipeline.query("SELECT 1")
                try await pipeline.sync()
                let second = try await pipeline.query("SELECT 2")
                try await pipeline.sync()
                return [
                    try await first.rows().only().decode(Int.self), try await second.rows().only().decode(Int.self),
                ]
            }
            #expect(numbers == [1, 2])
        }
    }

    @Test func `a result that is awaited before the end is asked for by a Flush`() async throws {
        let rest = Self.number(2).ready().bytes
        try await play([.expect("PBDEH"), .send(Self.number(1).bytes), .expect("PBDES"), .send(rest)]) { connection in
            try await connection.withPipeline { pipeline async throws in
                let first = try await pipeline.query("SELECT 1")
                #expect(try await first.rows().only().decode(Int.self) == 1)
                try await pipeline.execute("SELECT 2")
            }
        }
    }

    @Test func `a failure that is seen before the Sync is answered by a Sync, and nothing more is said of the group`()
        async throws
    {
        let failed = BackendBytes().error("ERROR", "42P01", "no such table").bytes
        let steps: [Step] = [
            .expect("PBDEH"), .send(failed), .expect("S"), .send(BackendBytes().ready().bytes), .expect("PBDES"),
            .send(Self.number(3).ready().bytes),
        ]
        try await play(steps) { connection in
            try await connection.withPipeline { pipeline async throws in
                let first = try await pipeline.query("SELECT missing")
                #expect(await failure { try await first.rows() }?.sqlState == .undefinedTable)
                let skipped = try await pipeline.execute("SELECT 2")
                #expect(skipped.outcome == .notRun)
                try await pipeline.sync()
                try await pipeline.execute("SELECT 3")
            }
        }
    }

    @Test func `a statement that comes again is bound without being parsed or described again`() async throws {
        let known = BackendBytes().message("2").complete("DELETE 1")
        let steps: [Step] = [
            .expect("PBDES"), .send(Self.command("DELETE 1").ready().bytes),
            .expect("PBDES"), .send(Self.command("DELETE 1").ready().bytes),
            .expect("BEBES"), .send(known.message("2").complete("DELETE 1").ready().bytes),
        ]
        try await play(steps) { connection in
            for count in [1, 1, 2] {
                try await connection.withPipeline { pipeline async throws in
                    for _ in 1...count { try await pipeline.execute("DELETE FROM t") }
                }
            }
        }
    }

    @Test func `a transaction says BEGIN in the flight of the pipeline`() async throws {
        let begun = BackendBytes().message("1").message("2").complete("BEGIN").bytes
        let committed = BackendBytes().message("1").message("2").complete("COMMIT").ready().bytes
        let steps: [Step] = [
            .expect("PBEPBDEPBDES"),
            .send(begun + Self.command("INSERT 0 1").bytes + Self.number(1).ready("T").bytes),
            .expect("PBES"), .send(committed),
        ]
        try await play(steps) { connection in
            try await connection.withTransaction { transaction in
                try await transaction.withPipeline { pipeline async throws in
                    try await pipeline.execute("INSERT INTO t VALUES (1)")
                    try await pipeline.execute("SELECT 1")
                }
            }
        }
    }

    @Test func `rows of parameters are bound to one statement that is closed with the next flight`() async throws {
        let types = BackendBytes.int16(1) + BackendBytes.int32(23)
        let ran = BackendBytes().message("2").complete("INSERT 0 1").message("2").complete("INSERT 0 1")
        let steps: [Step] = [
            .expect("PDS"), .send(BackendBytes().message("1").message("t", types).message("n").ready().bytes),
            .expect("BEBES"), .send(ran.ready().bytes),
            .expect("CPBDES"), .send(BackendBytes().message("3").bytes + Self.number(1).ready().bytes),
        ]
        try await play(steps) { connection in
            let result = try await connection.executeMany("INSERT INTO t VALUES ($1)", over: [1, 2] as [Int])
            #expect(result.affectedRows == 2)
            #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
        }
    }

    @Test func `a closure that throws rolls back before the Sync`() async throws {
        struct Stop: Error {}
        let undone = BackendBytes().message("1").message("2").complete("ROLLBACK").ready().bytes
        let steps: [Step] = [.expect("PBDEPBES"), .send(Self.command("INSERT 0 1").bytes + undone), .expectEnd]
        // A server that takes more than a moment is asked to cancel as well.
        try await ScriptedServer.run(first: script(.welcome, steps), thenOnEvery: [.expectBytes(16), .close]) {
            server in
            let connection = try await PostgresConnection.connect(server.url)
            await #expect(throws: Stop.self) {
                try await connection.withPipeline { pipeline async throws in
                    try await pipeline.execute("INSERT INTO t VALUES (1)")
                    throw Stop()
                }
            }
            await connection.close()
        }
    }

    @Test func `each row is handed out as it comes, in the order of the statements`() async throws {
        let (shown, seen) = (Gate(), Gate())
        let steps: [Step] = [
            .expect("PBDEPBDEH"), .send(BackendBytes.beginning.rows(1...1).bytes), .hold(until: shown),
            .send(BackendBytes().rows(2...2).bytes), .hold(until: seen),
            .send(BackendBytes().rows(3...3).complete("SELECT 3").bytes + Self.number(4).bytes),
            .expect("S"), .send(BackendBytes().ready().bytes),
        ]
        try await play(steps) { connection in
            try await connection.withPipeline { pipeline async throws in
                let first = try await pipeline.query("SELECT 1")
                let second = try await pipeline.query("SELECT 4")
                var numbers: [Int] = []
                for try await number in try await first.rows().decode(Int.self) {
                    numbers.append(number)
                    if number == 1 { shown.open() }
                    if number == 2 { seen.open() }
                }
                #expect(numbers == [1, 2, 3])
                #expect(try await second.rows().only().decode(Int.self) == 4)
            }
        }
    }

    @Test func `a task that is cancelled within a pipeline undoes it and has the server cancel what runs`() async throws
    {
        let isRunning = Gate()
        let cancelled = BackendBytes().error("ERROR", "57014", "canceling statement due to user request").ready().bytes
        let steps: [Step] = [
            .expect("PBDEPBDEH"), .send(Self.number(1).bytes), .reach(isRunning), .expect("PBES"), .send(cancelled),
            .expectEnd,
        ]
        let cancelKey = Step.expectCancelRequest(processID: BackendBytes.processID, secretKey: BackendBytes.secretKey)
        try await ScriptedServer.run(first: script(.welcome, steps), thenOnEvery: [cancelKey, .close]) { server in
            let outcomes = Task {
                let connection = try await PostgresConnection.connect(server.url)
                var commands: [PipelinedCommand] = []
                let error = await failure {
                    try await connection.withPipeline { pipeline async throws in
                        commands.append(try await pipeline.execute("SELECT 1"))
                        commands.append(try await pipeline.execute("SELECT pg_sleep(600)"))
                        try await commands[1].commandTag()
                    }
                }
                let outcomes = commands.map(\.outcome)
                await connection.close()
                return (error?.code, outcomes)
            }
            await isRunning.wait()
            outcomes.cancel()
            let (code, seen) = try await outcomes.value
            #expect(code == .cancelled)
            #expect(seen == [.undone, .undone])
        }
    }

    @Test func `what the answer to a Sync was lost of is unknown, and the rest had no effect`() async throws {
        let steps: [Step] = [
            .expect("PBDESPBDESPBDEH"), .send(Self.number(1).ready().bytes + Self.number(2).bytes), .close,
        ]
        try await ScriptedServer.run(script(.welcome, steps)) { server in
            let connection = try await PostgresConnection.connect(server.url)
            var commands: [PipelinedCommand] = []
            let error = await failure {
                try await connection.withPipeline { pipeline async throws in
                    for number in 1...3 {
                        commands.append(try await pipeline.execute("SELECT \(unsafeSQL: "\(number)")"))
                        if number < 3 { try await pipeline.sync() }
                    }
                    try await commands[2].commandTag()
                }
            }
            #expect(error?.code == .connectionLost)
            #expect(commands.map(\.outcome) == [.tookEffect, .unknown, .undone])
        }
    }
}
