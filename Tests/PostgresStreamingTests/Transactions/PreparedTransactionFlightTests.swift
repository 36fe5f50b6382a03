import PostgresStreaming
import PostgresTestSupport
import Testing

/// What is said to prepare a transaction and to end one that was prepared, and what is made of odd answers.
@Suite(.timeLimit(.minutes(1))) struct PreparedTransactionFlightTests {
    private static func done(_ tag: String, status: Character = "I") -> [UInt8] {
        BackendBytes().message("1").message("2").complete(tag).ready(status).bytes
    }

    /// BEGIN and the first statement, in one flight.
    private static let beginning: [Step] = [
        .expect("PBEPBDES"),
        .send(
            BackendBytes().message("1").message("2").complete("BEGIN").bytes + BackendBytes.answer(1...3, status: "T")),
    ]

    private func play(
        _ steps: [Step]..., as body: nonisolated(nonsending) (PostgresConnection) async throws -> Void
    ) async throws {
        try await ScriptedServer.run(script(.welcome, steps.flatMap(\.self), [.expectEnd])) { server in
            let connection = try await PostgresConnection.connect(server.url)
            try await body(connection)
            await connection.close()
        }
    }

    private func prepare(_ connection: PostgresConnection) async throws -> [Int] {
        try await connection.prepareTransaction(as: "one") {
            try await $0.query("SELECT n FROM numbers").decode(Int.self).collect()
        }
    }

    @Test func `an identifier that no server accepts is refused before anything is sent`() async throws {
        try await play { connection in
            for id in ["", String(repeating: "x", count: 200), String(repeating: "ä", count: 100), "a\0b"] {
                for error in [
                    await failure { try await connection.prepareTransaction(as: id) { _ in Issue.record("it runs") } },
                    await failure { try await connection.commitPrepared(id) },
                    await failure { try await connection.rollbackPrepared(id) },
                ] {
                    #expect(error?.code == .queryInvalid && error?.isConnectionUsable == true)
                    #expect(error?.message.hasPrefix("not the identifier of a prepared transaction: it ") == true)
                }
            }
        }
    }

    @Test func `PREPARE TRANSACTION has a flight of its own, and so has what ends it`() async throws {
        let prepared: [Step] = [.expect("PBES"), .send(Self.done("PREPARE TRANSACTION"))]
        let committed: [Step] = [.expect("PBES"), .send(Self.done("COMMIT PREPARED"))]
        let rolledBack: [Step] = [.expect("PBES"), .send(Self.done("ROLLBACK PREPARED"))]
        try await play(Self.beginning, prepared, committed, rolledBack) { connection in
            #expect(try await prepare(connection) == [1, 2, 3])
            try await connection.commitPrepared("one")
            try await connection.rollbackPrepared("one")
        }
    }

    @Test func `a transaction without a statement is begun by the flight that prepares it`() async throws {
        let answer = BackendBytes().message("1").message("2").complete("BEGIN").bytes + Self.done("PREPARE TRANSACTION")
        try await play([.expect("PBEPBES"), .send(answer)]) { connection in
            try await connection.prepareTransaction(as: "one") { _ in }
        }
    }

    @Test func `a transaction that the server rolls back in place of preparing it is an error`() async throws {
        try await play(Self.beginning, [.expect("PBES"), .send(Self.done("ROLLBACK"))]) { connection in
            let error = await failure { try await prepare(connection) }
            #expect(error?.code == .transactionRolledBack && error?.isConnectionUsable == true)
        }
    }

    @Test(arguments: [("COMMIT", Character("I")), ("PREPARE TRANSACTION", "T")])
    func `an answer that says neither leaves the outcome unknown`(tag: String, status: Character) async throws {
        try await play(Self.beginning, [.expect("PBES"), .send(Self.done(tag, status: status))]) { connection in
            let error = await failure { try await prepare(connection) }
            #expect(error?.code == .commitUnknown && error?.isConnectionUsable == false)
        }
    }

    @Test(arguments: ["ROLLBACK", "COMMIT", "ROLLBACK PREPARED"])
    func `COMMIT PREPARED is answered by its own tag alone`(tag: String) async throws {
        try await play([.expect("PBES"), .send(Self.done(tag))]) { connection in
            let error = await failure { try await connection.commitPrepared("one") }
            #expect(error?.code == .commitUnknown && error?.isConnectionUsable == false)
        }
    }

    @Test(arguments: [false, true])
    func `what was sent is waited for although its task is cancelled meanwhile`(isCommit: Bool) async throws {
        let (sent, cancelled) = (Gate(), Gate())
        let ending: [Step] = [
            .expect("PBES"), .reach(sent), .hold(until: cancelled),
            .send(Self.done(isCommit ? "COMMIT PREPARED" : "PREPARE TRANSACTION")),
        ]
        let steps = script(.welcome, isCommit ? [] : Self.beginning, ending, [.expectEnd])
        try await ScriptedServer.run(steps) { server in
            let task = Task { [url = server.url] in
                let connection = try await PostgresConnection.connect(url)
                if isCommit { try await connection.commitPrepared("one") } else { _ = try await prepare(connection) }
                await connection.close()
            }
            await sent.wait()
            task.cancel()
            cancelled.open()
            try await task.value
        }
    }

    @Test func `a task that is cancelled before says nothing`() async throws {
        try await ScriptedServer.run(script(.welcome, [.expectEnd])) { server in
            let connected = Gate()
            let task = Task { [url = server.url] in
                let connection = try await PostgresConnection.connect(url)
                connected.open()
                while !Task.isCancelled { await Task.yield() }
                let error = await failure { try await connection.commitPrepared("one") }
                #expect(error?.code == .cancelled && error?.isConnectionUsable == true)
                await connection.close()
            }
            await connected.wait()
            task.cancel()
            try await task.value
        }
    }
}
