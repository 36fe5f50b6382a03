import PostgresStreaming
import PostgresTestSupport
import Testing

/// The judge of the sweeps: what goes wrong is found.
@Suite(.timeLimit(.minutes(1))) struct FaultCaseTests {
    /// Runs something in place of a verb, with a fault that does no harm, and returns what is found.
    private func complaints(of body: Verb.Body, with effect: Verb.Effect = .none) async throws -> String {
        let verb = Verb("test", [], effect, body)
        var harmless = FaultCase(verb: verb, way: .plain, fault: .split([1000]), place: .bytes(0), direction: .toServer)
        harmless.farewellSecondsMax = 1
        return await harmless.run(on: try await SweepServer.shared).complaints.joined(separator: "\n")
    }

    @Test func `nothing is found where nothing is wrong`() async throws {
        #expect(try await complaints(of: .configuration { _, _ in }) == "")
    }

    @Test func `an effect of which the client is told otherwise is found`() async throws {
        let found = try await complaints(
            of: .connection { connection, number in
                try await connection.execute(Verb.insertion(number))
                throw PostgresError(.queryTimedOut, "not said of a commit")
            }, with: .transaction)
        #expect(found.contains("it was done, and the client was told otherwise"))
    }

    @Test(arguments: [Verb.Effect.statement, .transaction])
    func `an effect that is not there is found, and one that is there twice`(effect: Verb.Effect) async throws {
        #expect(try await complaints(of: .connection { _, _ in }, with: effect).contains("nothing was done"))
        let found = try await complaints(
            of: .connection { connection, number in
                for _ in 1...2 { try await connection.execute(Verb.insertion(number)) }
            }, with: effect)
        #expect(found.contains("the effect is there 2 times"))
    }

    @Test func `rows that are missing and errors of other types are found`() async throws {
        let missing = try await complaints(
            of: .configuration { _, _ in try Verb.expect([(1, "row 1"), (2, "row 2")]) })
        #expect(missing.contains(#"[(1, "row 1"), (2, "row 2")]"#))
        let foreign = try await complaints(of: .configuration { _, _ in throw CancellationError() })
        #expect(foreign.contains("an error of another type"))
    }

    @Test func `an error that says the wrong thing of its connection is found`() async throws {
        let found = try await complaints(
            of: .connection { _, _ in throw PostgresError(.connectionLost, "it is not", isConnectionUsable: false) })
        #expect(found.contains("a connection works that is said not to be usable"))
        let other = try await complaints(
            of: .connection { connection, _ in
                await connection.close()
                throw PostgresError(.cancelled, "but closed as well")
            })
        #expect(other.contains("a connection fails that is said to be usable"))
    }

    @Test func `a task, a socket and a slot that are left are found`() async throws {
        let gate = Gate()
        async let task = complaints(of: .configuration { _, _ in Task { await gate.wait() } })
        async let socket = complaints(
            of: .configuration { configuration, _ in
                let open = Gate()
                Task {
                    try await configuration.withConnection { _ in
                        open.open()
                        await gate.wait()
                    }
                }
                await open.wait()
            })
        async let slot = complaints(
            of: .client { client, _ in
                let lent = Gate()
                Task {
                    try await client.withConnection { _ in
                        lent.open()
                        await gate.wait()
                    }
                }
                await lent.wait()
            })
        let found = try await (task, socket, slot)
        gate.open()
        #expect(found.0.contains("a task is left"))
        #expect(found.1.contains("a socket is left"))
        #expect(found.2.contains("slots are taken"))
    }
}
