import PostgresStreaming

/// Callers that ask for connections, use them, give up, are cancelled, leave streams and transactions, while the pool may
/// be closed at any moment. In the end nothing may be lent.
struct PoolScenario {
    private let ledger: Ledger
    private let world = World.shared

    init(_ ledger: Ledger) { self.ledger = ledger }

    @concurrent
    func run() async {
        guard let configuration = Scenario.configuration else { return ledger.fail("no configuration") }
        let client = PostgresClient(configuration, pool: settings)
        var tasks = (0..<world.random(2...5)).map { _ in Task.detached { await callRepeatedly(client) } }
        let callers = tasks
        for caller in callers where world.chance(1, of: 3) {
            let time = world.random(0...8)
            tasks.append(
                Task.detached {
                    await Scenario.pass(milliseconds: time)
                    World.shared.note("cancels")
                    caller.cancel()
                })
        }
        if world.chance(1, of: 5) {
            let time = world.random(0...10)
            tasks.append(
                Task.detached {
                    await Scenario.pass(milliseconds: time)
                    await close(client)
                })
        }
        for task in tasks { await task.value }
        let statistics = client.statistics
        if statistics.leased != 0 { ledger.fail("\(statistics.leased) connections stay lent when every call is over") }
        if statistics.waiting != 0 { ledger.fail("\(statistics.waiting) calls wait when every call is over") }
        await close(client)
        if client.statistics.total != 0 { ledger.fail("a closed pool has \(client.statistics.total) connections") }
    }

    private var settings: PostgresPoolConfiguration {
        let world = world
        return PostgresPoolConfiguration {
            $0.connectionsMax = world.random(1...2)
            $0.leaseTimeout = .milliseconds(world.random(1...30))
            $0.waitersMax = 4
            $0.reset = [.keepStatements, .nothing, .discardAll][world.random(0...2)]
        }
    }

    private func close(_ client: PostgresClient) async {
        let call = ledger.begin("close")
        let isInTime = await client.close()
        if !isInTime { ledger.fail("leases did not end: \(client.statistics)") }
        ledger.end(call, "")
    }

    private func callRepeatedly(_ client: PostgresClient) async {
        for _ in 0..<world.random(1...3) where !Task.isCancelled {
            let kind = world.random(0...6)
            let call = ledger.begin("call \(kind)")
            do {
                try await self.call(client, kind)
                ledger.end(call, "")
            } catch {
                if !Scenario.isExpected(error) { ledger.fail("call \(kind) failed: \(error)") }
                ledger.end(call, "by \((error as? PostgresError)?.code.description ?? "\(error)")")
            }
            if world.chance(1, of: 3) { await Scenario.pass(milliseconds: world.random(0...3)) }
        }
    }

    private func call(_ client: PostgresClient, _ kind: Int) async throws {
        let count = world.random(0...30)
        let query = Scenario.rows(count, stalls: world.chance(1, of: 4))
        switch kind {
        case 0, 1: try await client.withConnection { connection in try await use(connection) }
        case 2:
            let time = world.random(0...10)
            try await client.withConnection { _ in await Scenario.pass(milliseconds: time) }
        case 3: try await Scenario.read(client.query(query), of: count, upTo: .max, ledger)
        case 4: try await Scenario.read(client.query(query), of: count, upTo: world.random(0...count), ledger)
        case 5: _ = try await client.withConnection { connection in try await connection.query(query) }
        default:
            try await client.withTransaction { transaction in
                try await Scenario.read(transaction.query(query), of: count, upTo: .max, ledger)
            }
        }
    }

    /// Runs a few queries. What an error says of the connection has to be what the next call finds.
    private nonisolated(nonsending) func use(_ connection: PostgresConnection) async throws(PostgresError) {
        for _ in 0..<world.random(1...2) {
            let count = world.random(0...20)
            let isFailing = world.chance(1, of: 4)
            let query = isFailing ? PostgresQuery(unsafeSQL: "SELECT failing") : Scenario.rows(count, stalls: false)
            do throws(PostgresError) {
                let stream = try await connection.query(query)
                try await Scenario.read(stream, of: count, upTo: world.chance(1, of: 3) ? count / 2 : .max, ledger)
            } catch {
                guard !Task.isCancelled else { throw error }
                try await findOut(connection, after: error)
            }
        }
    }

    private nonisolated(nonsending) func findOut(
        _ connection: PostgresConnection, after error: PostgresError
    ) async throws(PostgresError) {
        var next: PostgresError?
        do throws(PostgresError) { try await connection.execute(Scenario.rows(1, stalls: false)) } catch {
            next = error
        }
        if next?.code == .cancelled { throw error }
        if error.isConnectionUsable != (next == nil) {
            ledger.fail("after \(error) the next call \(next.map { "failed: \($0)" } ?? "worked")")
        }
    }
}
