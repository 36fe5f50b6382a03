import PostgresStreaming
import PostgresTestSupport
import Testing

/// A peer that falls silent at any step of connecting costs the time allowed and no more.
///
/// The look-up of a name has no case of its own: nothing makes the system's resolver wait that a test could set up.
@Suite(.timeLimit(.minutes(1))) struct StalledConnectTests {
    private static let timeout = Duration.milliseconds(300)

    /// Fails to connect, and checks that it took the time allowed and that the error names the step.
    private func expectTimeOut(
        _ configuration: PostgresConfiguration, whileIn step: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        var configuration = configuration
        configuration.connectTimeout = Self.timeout
        configuration.addressTimeout = nil
        let start = ContinuousClock.now
        let error = await failure(
            of: { [configuration] in try await PostgresConnection.connect(configuration) },
            sourceLocation: sourceLocation)
        let elapsed = ContinuousClock.now - start
        #expect(error?.code == .connectTimedOut, sourceLocation: sourceLocation)
        #expect(
            error?.message.contains("time ran out while \(step)") == true, "\(error?.message ?? "")",
            sourceLocation: sourceLocation)
        #expect(elapsed >= Self.timeout && elapsed < Self.timeout + .seconds(1), sourceLocation: sourceLocation)
    }

    @Test(arguments: Stall.allCases)
    func `a connect that stalls ends at its deadline, and the error says where`(stall: Stall) async throws {
        try await ScriptedServer.run(scripts: [stall.script() + [.never]]) { server in
            await expectTimeOut(try stall.configuration(server.url), whileIn: stall.text)
        }
    }

    @Test func `an address that does not answer is named`() async throws {
        let hole = try #require(BlackHole())
        let configuration = try PostgresConfiguration(connectionString: hole.url(), environment: .none)
        await expectTimeOut(configuration, whileIn: "opening the connection")
    }

    private static let notice = BackendBytes().notice("still busy").bytes

    @Test(arguments: [
        (Stall.authenticationRequest, notice), (.verdict, notice),
        (.challenge, BackendBytes().authentication(11, Array("r=ab".utf8)).bytes),
        (.parameters, BackendBytes().parameter("server_version", "17.0").bytes),
    ])
    func `a byte now and then does not extend the deadline`(stall: Stall, bytes: [UInt8]) async throws {
        try await ScriptedServer.run(scripts: [stall.script() + [.trickle(bytes)]]) { server in
            await expectTimeOut(try stall.configuration(server.url), whileIn: stall.text)
        }
    }

    @Test func `nor does a byte now and then of a TLS record`() async throws {
        // The header of a handshake record that is as long as one can be.
        let header: [UInt8] = [0x16, 3, 3, 0x3F, 0xFF]
        // After an SSLRequest and the front of a greeting.
        let script = try Stall.handshake.script() + [.expectBytes(8 + 5), .send(header), .trickle([0])]
        try await ScriptedServer.run(script) { server in
            await expectTimeOut(try Stall.handshake.configuration(server.url), whileIn: Stall.handshake.text)
        }
    }

    @Test(arguments: [Stall.authenticationRequest, .serverSignature, .readyForQuery])
    func `the next host has its turn when one endpoint's time is over`(stall: Stall) async throws {
        try await ScriptedServer.run(scripts: [stall.script() + [.never]]) { silent in
            try await ScriptedServer.run(.welcome + [.expectEnd]) { server in
                var configuration = try stall.configuration(silent.url)
                configuration.endpoints.append(.tcp(host: "127.0.0.1", port: server.port))
                configuration.connectTimeout = .seconds(30)
                configuration.addressTimeout = Self.timeout
                let start = ContinuousClock.now
                await (try await PostgresConnection.connect(configuration)).close()
                let elapsed = ContinuousClock.now - start
                #expect(elapsed >= Self.timeout && elapsed < Self.timeout + .seconds(1))
            }
        }
    }

    @Test(arguments: Stall.allCases)
    func `cancelling ends a connect that stalls at once`(stall: Stall) async throws {
        let stalled = Gate()
        try await ScriptedServer.run(scripts: [stall.script() + [.reach(stalled), .never]]) { server in
            await expectCancelled(try stall.configuration(server.url)) { await stalled.wait() }
        }
    }

    @Test func `cancelling ends a connect to an address that does not answer at once`() async throws {
        let hole = try #require(BlackHole())
        let fillers = OpenSockets.descriptors(to: hole.port)
        let configuration = try PostgresConfiguration(connectionString: hole.url(), environment: .none)
        await expectCancelled(configuration) {
            while OpenSockets.descriptors(to: hole.port).count == fillers.count { await Task.yield() }
        }
        #expect(OpenSockets.descriptors(to: hole.port) == fillers)
    }

    private func expectCancelled(
        _ configuration: PostgresConfiguration, after stalled: () async -> Void
    ) async {
        let attempt = Task { await failure { try await PostgresConnection.connect(configuration) } }
        await stalled()
        let start = ContinuousClock.now
        attempt.cancel()
        #expect(await attempt.value?.code == .cancelled)
        #expect(ContinuousClock.now - start < .seconds(1))
    }
}
