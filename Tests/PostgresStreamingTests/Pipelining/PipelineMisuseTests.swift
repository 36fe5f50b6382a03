import PostgresStreaming
import PostgresTestSupport
import Testing

/// An actor lets a second call in while the first one waits: what the compiler cannot keep from a pipeline.
private actor Pipeliner {
    private var pipeline: PostgresPipeline?
    private var command: PipelinedCommand?
    private var rows: [PipelinedRows] = []

    /// Returns from the closure while another call waits for a result.
    func runAndReturn(to url: String, while waiting: Gate, _ queued: Gate) async throws -> PostgresError? {
        try await run(url) { pipeline async throws in
            self.command = try await pipeline.execute("SELECT 1")
            queued.open()
            await waiting.wait()
        }
    }

    /// Waits for the rows of the first of two queries, within a short time.
    func runAndRead(to url: String, _ reading: Gate) async throws -> PostgresError? {
        try await run(url) { pipeline async throws in
            let options = StreamOptions { $0.timeout = .milliseconds(200) }
            let first = try await pipeline.query("SELECT 1", options: options)
            self.rows = [try await pipeline.query("SELECT 2")]
            reading.open()
            _ = try await first.rows()
        }
    }

    /// Queues a statement for whose parameters the server is asked first.
    func runAndAsk(to url: String, _ asking: Gate) async throws -> PostgresError? {
        try await run(url) { pipeline async throws in
            self.pipeline = pipeline
            asking.open()
            try await pipeline.execute("SELECT \(1)::int4")
        }
    }

    private func run(
        _ url: String, _ body: nonisolated(nonsending) (PostgresPipeline) async throws -> Void
    ) async throws -> PostgresError? {
        var configuration = try PostgresConfiguration(connectionString: url, environment: .none)
        configuration.cleanUpTimeout = .milliseconds(200)
        let connection = try await PostgresConnection.connect(configuration)
        do {
            try await connection.withPipeline(.allOrNothing) { pipeline async throws in try await body(pipeline) }
            await connection.close()
            return nil
        } catch {
            await connection.close()
            return error as? PostgresError
        }
    }

    func wait(opening gate: Gate) async -> PostgresError? {
        gate.open()
        return await failure { try await self.command?.commandTag() }
    }

    func read() async -> PostgresError? { await failure { try await self.rows.first?.rows() } }

    func execute() async -> PostgresError? { await failure { try await self.pipeline?.execute("SELECT 2") } }
}

@Suite(.timeLimit(.minutes(1))) struct PipelineMisuseTests {
    /// What takes a request to cancel.
    private static let cancel: [Step] = [.expectBytes(16), .close]

    @Test func `a pipeline that ends while another call waits for a result closes the connection`() async throws {
        let (waiting, queued) = (Gate(), Gate())
        try await ScriptedServer.run(script(.welcome, [.expect("PBDEH"), .never])) { server in
            let pipeliner = Pipeliner()
            let run = Task { try await pipeliner.runAndReturn(to: server.url, while: waiting, queued) }
            await queued.wait()
            let other = Task { await pipeliner.wait(opening: waiting) }
            let error = try await run.value
            #expect(error?.code == .connectionBusy && error?.isConnectionUsable == false)
            #expect(await other.value?.isConnectionUsable == false)
        }
    }

    @Test func `a call that is refused leaves the limits of the one that reads as they are`() async throws {
        let reading = Gate()
        let steps = script(.welcome, [.expect("PBDEPBDEH"), .expectAnyEnd])
        try await ScriptedServer.run(first: steps, thenOnEvery: Self.cancel) { server in
            let pipeliner = Pipeliner()
            let run = Task { try await pipeliner.runAndRead(to: server.url, reading) }
            await reading.wait()
            #expect(await pipeliner.read()?.code == .connectionBusy)
            let error = try await run.value
            #expect(error?.code == .queryTimedOut)
        }
    }

    @Test func `nothing is queued while another call asks the server for types`() async throws {
        let (asking, refused) = (Gate(), Gate())
        let steps: [Step] = [.expect("PDS"), .hold(until: refused), .expectAnyEnd]
        try await ScriptedServer.run(first: script(.welcome, steps), thenOnEvery: Self.cancel) { server in
            let pipeliner = Pipeliner()
            let run = Task { try await pipeliner.runAndAsk(to: server.url, asking) }
            await asking.wait()
            #expect(await pipeliner.execute()?.code == .connectionBusy)
            refused.open()
            run.cancel()
            let error = try await run.value
            #expect(error?.code == .cancelled)
        }
    }
}
