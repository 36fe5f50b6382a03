import PostgresStreaming
import PostgresTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct SilentServerTests {
    /// From `connect_timeout=1` to what a busy machine may add; the scripts would go on for 20 seconds.
    private static let oneSecond = Duration.milliseconds(950)..<Duration.seconds(4)

    private static let notice = (0..<50).reduce(BackendBytes()) { bytes, _ in bytes.notice("still busy") }.bytes

    private func elapsed(_ body: () async throws -> Void) async rethrows -> Duration {
        let start = ContinuousClock.now
        try await body()
        return ContinuousClock.now - start
    }

    @Test(arguments: [
        [Step.expectStartup, .never],
        [.expectStartup, .send(BackendBytes().authentication(0).bytes), .never],
        [.expectStartup, .flood(notice)],
        [.expectStartup, .send(BackendBytes().authentication(0).bytes), .flood(notice)],
    ])
    func `a server that is never ready is given up when connect_timeout is over`(script: [Step]) async throws {
        try await ScriptedServer.run(script) { server in
            let duration = await elapsed {
                let error = await failure { try await PostgresConnection.connect(server.url("connect_timeout=1")) }
                #expect(error?.code == .connectTimedOut)
            }
            #expect(Self.oneSecond.contains(duration))
        }
    }

    @Test func `a server that swallows connections is given up when connect_timeout is over`() async throws {
        let hole = try #require(BlackHole())
        let duration = await elapsed {
            let error = await failure { try await PostgresConnection.connect(hole.url("connect_timeout=1")) }
            #expect(error?.code == .connectTimedOut)
        }
        #expect(Self.oneSecond.contains(duration))
    }

    @Test func `cancelling ends a connection attempt that nobody answers`() async throws {
        let arrived = Gate()
        try await ScriptedServer.run([.expectStartup, .reach(arrived), .never]) { server in
            let attempt = Task { [url = server.url] in
                await failure { try await PostgresConnection.connect(url) }
            }
            await arrived.wait()
            attempt.cancel()
            #expect(await attempt.value?.code == .cancelled)
        }
    }

    /// The script of a second connection, which asks to cancel the first.
    private static func cancel(_ arrived: Gate) -> [Step] {
        [
            .expectCancelRequest(processID: BackendBytes.processID, secretKey: BackendBytes.secretKey),
            .reach(arrived), .close,
        ]
    }

    private static let cancelled = BackendBytes().error("ERROR", "57014", "canceling statement").ready().bytes

    @Test(arguments: [[], beginning.rows(1...2).bytes, notice])
    func `cancelling ends a query that nobody answers, and asks the server to stop`(bytes: [UInt8]) async throws {
        let (asked, cancelArrived) = (Gate(), Gate())
        let query = script(
            .welcome, [.expect("PBDES"), .send(bytes), .reach(asked), .hold(until: cancelArrived)],
            [.send(Self.cancelled), .expectEnd])
        try await ScriptedServer.run(query, Self.cancel(cancelArrived)) { server in
            let query = Task { [url = server.url] in await Outcome.of("SELECT n FROM numbers", at: url) }
            await asked.wait()
            query.cancel()
            let outcome = await query.value
            #expect(outcome.error?.code == .cancelled)
            #expect(outcome.error?.isConnectionUsable == true)
            await cancelArrived.wait()
        }
    }

    private static let beginning = BackendBytes.beginning

    @Test func `cancelling ends a query whose server sends notices without end`() async throws {
        let asked = Gate()
        let query = script(.welcome, [.expect("PBDES"), .reach(asked), .flood(Self.notice)])
        let cancelArrived = Gate()
        try await ScriptedServer.run(query, Self.cancel(cancelArrived)) { server in
            var configuration = try PostgresConfiguration(connectionString: server.url, environment: .none)
            // Enough for one request to cancel, and not for a second one.
            configuration.cleanUpTimeout = .milliseconds(90)
            let query = Task { [configuration] in
                let connection = try await PostgresConnection.connect(configuration)
                return await failure(of: { try await connection.execute("SELECT n FROM numbers") })
            }
            await asked.wait()
            query.cancel()
            let error = try await query.value
            #expect(error?.code == .cancelled && error?.isConnectionUsable == false)
            await cancelArrived.wait()
        }
    }

    @Test func `a task that is cancelled already sends no query`() async throws {
        try await ScriptedServer.run(.welcome + [.expectEnd]) { server in
            let connected = Gate()
            let cancelled = Gate()
            let query = Task { [url = server.url] in
                let connection = try await PostgresConnection.connect(url)
                connected.open()
                await withTaskCancellationHandler {
                    await cancelled.wait()
                } onCancel: {
                    cancelled.open()
                }
                let error = await failure { try await connection.execute("DELETE FROM customer") }
                await connection.close()
                return error
            }
            await connected.wait()
            query.cancel()
            let error = try await query.value
            #expect(error?.code == .cancelled)
            #expect(error?.isConnectionUsable == true)
            #expect(!server.transcripts[0].contains("DELETE"))
        }
    }
}
