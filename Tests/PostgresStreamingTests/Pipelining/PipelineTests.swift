import PostgresStreaming
import PostgresTestSupport
import Testing

/// Pipelines on real servers: what comes out of them, and what becomes of each statement.
@Suite(.timeLimit(.minutes(1))) struct PipelineTests {
    @Test(arguments: LiveServer.allCases)
    func `commands and queries of one pipeline have their results`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE made (n int)")
        let (numbers, added) = try await connection.withPipeline { pipeline async throws in
            let first = try await pipeline.execute("INSERT INTO made SELECT generate_series(1, \(3))")
            let query = try await pipeline.query("SELECT n FROM made ORDER BY n")
            let second = try await pipeline.execute("DELETE FROM made WHERE n = \(2)")
            let numbers = try await query.rows().decode(Int.self).collect()
            #expect(first.outcome == nil)
            return (numbers, [try await first.commandTag()?.rows, try await second.commandTag()?.rows])
        }
        #expect(numbers == [1, 2, 3])
        #expect(added == [3, 1])
        #expect(try await connection.query("SELECT count(*) FROM made").only().decode(Int.self) == 2)
    }

    @Test(arguments: LiveServer.allCases)
    func `the first failure undoes what ran before it and has the rest skipped`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE made (n int PRIMARY KEY)")
        var commands: [PipelinedCommand] = []
        let error = await failure {
            try await connection.withPipeline { pipeline async throws in
                for n in [1, 2, 1, 3] { commands.append(try await pipeline.execute("INSERT INTO made VALUES (\(n))")) }
            }
        }
        #expect(error?.sqlState == .uniqueViolation)
        #expect(error?.statementIndex == 2)
        #expect(commands.map(\.outcome) == [.undone, .undone, .undone, .notRun])
        #expect(try await connection.query("SELECT count(*) FROM made").only().decode(Int.self) == 0)
    }

    @Test(arguments: LiveServer.allCases)
    func `statements that stand by themselves neither undo nor skip each other`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE made (n int PRIMARY KEY)")
        let outcomes = try await connection.withPipeline(.perStatement) { pipeline async throws in
            var commands: [PipelinedCommand] = []
            for n in [1, 2, 1, 3] { commands.append(try await pipeline.execute("INSERT INTO made VALUES (\(n))")) }
            let error = await failure { try await commands[2].commandTag() }
            #expect(error?.sqlState == .uniqueViolation)
            try await commands[3].commandTag()
            return commands.map(\.outcome)
        }
        #expect(outcomes == [.tookEffect, .tookEffect, .undone, .tookEffect])
        #expect(try await connection.query("SELECT n FROM made").decode(Int.self).collect() == [1, 2, 3])
    }

    @Test(arguments: LiveServer.allCases)
    func `a failure that no call has thrown is thrown at the end`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        for isolation in [PipelineIsolation.allOrNothing, .perStatement] {
            let error = await failure {
                try await connection.withPipeline(isolation) { pipeline async throws in
                    try await pipeline.execute("SELECT 1")
                    try await pipeline.execute("SELECT 1/0")
                    try await pipeline.execute("SELECT 2")
                }
            }
            #expect(error?.sqlState == .divisionByZero)
            #expect(error?.statementIndex == 1)
        }
        #expect(try await connection.query("SELECT 3").only().decode(Int.self) == 3)
    }

    @Test(arguments: LiveServer.allCases)
    func `after a failure a group takes no more, and the next one does`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE made (n int)")
        let outcomes = try await connection.withPipeline { pipeline async throws in
            let before = try await pipeline.execute("INSERT INTO made VALUES (1)")
            try await pipeline.sync()
            let failing = try await pipeline.execute("SELECT 1/0")
            #expect(await failure { try await failing.commandTag() }?.sqlState == .divisionByZero)
            let late = try await pipeline.execute("INSERT INTO made VALUES (2)")
            #expect(await failure { try await late.commandTag() }?.code == .pipelineAborted)
            try await pipeline.sync()
            let after = try await pipeline.execute("INSERT INTO made VALUES (3)")
            try await after.commandTag()
            return { [before, failing, late, after].map(\.outcome) }
        }()
        #expect(outcomes == [.tookEffect, .undone, .notRun, .tookEffect])
        #expect(try await connection.query("SELECT n FROM made").decode(Int.self).collect() == [1, 3])
    }

    @Test(arguments: LiveServer.allCases)
    func `results may be awaited in any order, skipped, and left early`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.withPipeline { pipeline async throws in
            let first = try await pipeline.query("SELECT generate_series(1, 10000)")
            _ = try await pipeline.query("SELECT generate_series(1, 10000)")
            let third = try await pipeline.query("SELECT generate_series(1, 20000)")
            let fourth = try await pipeline.query("SELECT 4")
            #expect(try await fourth.rows().only().decode(Int.self) == 4)
            var seen = 0
            for try await _ in try await third.rows() {
                seen += 1
                if seen == 5 { break }
            }
            #expect(try await first.rows().decode(Int.self).collect().count == 10_000)
        }
        #expect(try await connection.query("SELECT 5").only().decode(Int.self) == 5)
    }

    @Test(arguments: LiveServer.allCases)
    func `an error in the closure rolls back what is not committed`(_ live: LiveServer) async throws {
        struct Stop: Error {}
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE made (n int)")
        for isFlushed in [false, true] {
            var command: PipelinedCommand?
            await #expect(throws: Stop.self) {
                try await connection.withPipeline { pipeline async throws in
                    command = try await pipeline.execute("INSERT INTO made VALUES (1)")
                    if isFlushed { try await command?.commandTag() }
                    throw Stop()
                }
            }
            #expect(command?.outcome == .undone)
            #expect(try await connection.query("SELECT count(*) FROM made").only().decode(Int.self) == 0)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a pipeline is a part of its transaction`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE made (n int)")
        try await connection.withTransaction { transaction in
            try await transaction.withPipeline { pipeline async throws in
                for n in 1...3 { try await pipeline.execute("INSERT INTO made VALUES (\(n))") }
            }
            #expect(try await transaction.query("SELECT count(*) FROM made").only().decode(Int.self) == 3)
        }
        let error = await failure {
            try await connection.withTransaction { transaction in
                try await transaction.withPipeline(.perStatement) { pipeline async throws in
                    try await pipeline.execute("INSERT INTO made VALUES (4)")
                    try await pipeline.execute("SELECT 1/0")
                    try await pipeline.execute("INSERT INTO made VALUES (5)")
                }
            }
        }
        #expect(error?.sqlState == .divisionByZero)
        #expect(try await connection.query("SELECT count(*) FROM made").only().decode(Int.self) == 3)
    }

    @Test(arguments: LiveServer.allCases)
    func `COPY and LISTEN are refused before anything is sent`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.withPipeline { pipeline async throws in
            for query in ["/* x */ copy t FROM STDIN", "LISTEN here", "; COPY t TO STDOUT"] as [PostgresQuery] {
                #expect(await failure { try await pipeline.execute(query) }?.code == .unsupported)
            }
            #expect(try await pipeline.query("SELECT 1").rows().only().decode(Int.self) == 1)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `an empty pipeline says nothing`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        #expect(try await connection.withPipeline { _ in 7 } == 7)
        try await connection.withPipeline { pipeline async throws in
            try await pipeline.sync()
            try await pipeline.flush()
        }
        #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
    }

    @Test(arguments: LiveServer.allCases)
    func `a failure at the commit undoes what had run`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE made (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)")
        var commands: [PipelinedCommand] = []
        let error = await failure {
            try await connection.withPipeline { pipeline async throws in
                for _ in 1...2 { commands.append(try await pipeline.execute("INSERT INTO made VALUES (1)")) }
                #expect(try await commands[1].commandTag()?.rows == 1)
            }
        }
        #expect(error?.sqlState == .uniqueViolation)
        #expect(commands.map(\.outcome) == [.undone, .undone])
    }

    @Test(arguments: LiveServer.allCases)
    func `types that are refused in the middle of a group fail it, and the error says what to do`(_ live: LiveServer)
        async throws
    {
        let connection = try await live.connect()
        let error = await failure {
            try await connection.withPipeline { pipeline async throws in
                try await pipeline.execute("SELECT 1")
                try await pipeline.execute("SELECT \(1) || \(2.5)")
            }
        }
        #expect(error?.code == .server)
        #expect(error?.hint?.contains("in the middle of a group") == true, "\(String(describing: error?.hint))")
        let results = try await connection.batch(["SELECT 1", "SELECT left(\("abc"), \(2))"])
        #expect(try results[1].rows[0].decode(String.self) == "ab")
    }
}
