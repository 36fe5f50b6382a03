import PostgresStreaming
import PostgresTestSupport
import Testing

/// Cancellation, deadlines and lost connections: what the statements and the connection come to.
@Suite(.timeLimit(.minutes(1))) struct PipelineEndTests {
    private func connect(_ live: LiveServer) async throws -> sending PostgresConnection {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE made (n int)")
        return connection
    }

    private func count(_ connection: PostgresConnection) async throws -> Int {
        try await connection.query("SELECT count(*) FROM made").only().decode(Int.self)
    }

    @Test(arguments: LiveServer.allCases)
    func `a pipeline that takes too long is left, and its connection goes on`(_ live: LiveServer) async throws {
        let connection = try await connect(live)
        let options = PipelineOptions { $0.timeout = .milliseconds(200) }
        for isolation in [PipelineIsolation.allOrNothing, .perStatement] {
            var commands: [PipelinedCommand] = []
            let error = await failure {
                try await connection.withPipeline(isolation, options: options) { pipeline async throws in
                    commands.append(try await pipeline.execute("INSERT INTO made VALUES (1)"))
                    commands.append(try await pipeline.execute("SELECT pg_sleep(60)"))
                }
            }
            #expect(error?.code == .queryTimedOut)
            #expect(error?.isConnectionUsable == true)
            #expect(commands.map(\.outcome) == [isolation == .perStatement ? .tookEffect : .undone, .undone])
        }
        #expect(try await count(connection) == 1)
    }

    @Test(arguments: LiveServer.allCases)
    func `the time of one result is over, and the pipeline is left`(_ live: LiveServer) async throws {
        let connection = try await connect(live)
        let options = StreamOptions { $0.timeout = .milliseconds(200) }
        let error = await failure {
            try await connection.withPipeline { pipeline async throws in
                try await pipeline.execute("INSERT INTO made VALUES (1)")
                let slow = try await pipeline.query("SELECT pg_sleep(60)", options: options)
                _ = try await slow.rows().collect()
            }
        }
        #expect(error?.code == .queryTimedOut)
        #expect(try await count(connection) == 0)
    }

    @Test(arguments: LiveServer.allCases)
    func `a task that is cancelled leaves its pipeline`(_ live: LiveServer) async throws {
        let task = Task {
            let connection = try await connect(live)
            var commands: [PipelinedCommand] = []
            let error = await failure {
                try await connection.withPipeline { pipeline async throws in
                    commands.append(try await pipeline.execute("INSERT INTO made VALUES (1)"))
                    try await commands[0].commandTag()
                    unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
                    commands.append(try await pipeline.execute("SELECT pg_sleep(60)"))
                    try await commands[1].commandTag()
                }
            }
            return (error?.code, commands.map(\.outcome))
        }
        let (code, outcomes) = try await task.value
        #expect(code == .cancelled)
        #expect(outcomes == [.undone, .undone])
    }

    @Test(arguments: LiveServer.allCases)
    func `a failure within a transaction fails it, and a savepoint undoes it`(_ live: LiveServer) async throws {
        let connection = try await connect(live)
        try await connection.withTransaction { transaction in
            try await transaction.execute("INSERT INTO made VALUES (1)")
            let error = await failure {
                try await transaction.withSavepoint { savepoint async throws in
                    try await savepoint.withPipeline { pipeline async throws in
                        try await pipeline.execute("INSERT INTO made VALUES (2)")
                        try await pipeline.execute("SELECT 1/0")
                    }
                }
            }
            #expect(error?.sqlState == .divisionByZero)
            try await transaction.withPipeline { pipeline async throws in
                try await pipeline.execute("INSERT INTO made VALUES (3)")
            }
        }
        #expect(try await count(connection) == 2)
    }

    @Test(arguments: LiveServer.allCases)
    func `what leaks out of a pipeline says that it has ended`(_ live: LiveServer) async throws {
        let connection = try await connect(live)
        var leaked: PostgresPipeline?
        var rows: PipelinedRows?
        var stream: RowStream?
        try await connection.withPipeline { pipeline async throws in
            leaked = pipeline
            rows = try await pipeline.query("SELECT 1")
            stream = try await pipeline.query("SELECT generate_series(1, 100000)").rows()
        }
        #expect(await failure { try await leaked?.execute("SELECT 1") }?.code == .invalidState)
        #expect(await failure { try await rows?.rows() }?.code == .invalidState)
        #expect(await failure { try await stream?.collect() }?.code == .invalidState)
        #expect(rows?.outcome == .tookEffect)
        #expect(try await count(connection) == 0)
    }

    @Test(arguments: LiveServer.allCases)
    func `the connection is busy while a pipeline has it`(_ live: LiveServer) async throws {
        let connection = try await connect(live)
        try await connection.withPipeline { pipeline async throws in
            #expect(await failure { try await connection.query("SELECT 1") }?.code == .connectionBusy)
            #expect(await failure { try await connection.withPipeline { _ in } }?.code == .connectionBusy)
            try await pipeline.execute("SELECT 1")
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `COMMIT within a pipeline settles what ran before it`(_ live: LiveServer) async throws {
        let connection = try await connect(live)
        var commands: [PipelinedCommand] = []
        let error = await failure {
            try await connection.withPipeline { pipeline async throws in
                for sql in [
                    "BEGIN", "INSERT INTO made VALUES (1)", "COMMIT", "INSERT INTO made VALUES (2)", "SELECT 1/0",
                ] {
                    commands.append(try await pipeline.execute(PostgresQuery(unsafeSQL: sql)))
                }
            }
        }
        #expect(error?.sqlState == .divisionByZero)
        #expect(commands.map(\.outcome) == [.tookEffect, .tookEffect, .tookEffect, .undone, .undone])
        #expect(try await count(connection) == 1)
    }
}
