import Foundation
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Cancelling at any moment hits the query that was meant, and no other. `scripts/soak` runs many more rounds.
@Suite(.timeLimit(.minutes(60))) struct CancelRaceTests {
    /// How many rounds each server gets.
    private static let rounds = ProcessInfo.processInfo.environment["CANCEL_ROUNDS"].flatMap { Int($0) } ?? 250

    private static let queries: [PostgresQuery] = [
        "SELECT generate_series(1, 10)", "SELECT generate_series(1, 30000)", "SELECT generate_series(1, 1000000000)",
        "SELECT pg_sleep(3600)", "SELECT pg_sleep(0.001)", "SELECT repeat('x', 1000000) FROM generate_series(1, 20)",
    ]

    /// What a round is to do.
    private struct Plan: Sendable {
        let query: PostgresQuery
        /// The row after which the stream is left.
        let rowsMax: Int
        let isPaused: Bool
        /// Whether the first row is waited for before the task is cancelled, and for how long it is let run then.
        let isRowAwaited: Bool
        let yields: Int

        /// Whether rows come before the task is cancelled.
        var hasRows: Bool { !isPaused && !query.sql.contains("pg_sleep") }

        init(_ generator: inout SeededGenerator) {
            query = CancelRaceTests.queries[Int.random(in: 0..<CancelRaceTests.queries.count, using: &generator)]
            rowsMax = Bool.random(using: &generator) ? Int.random(in: 1...2_000, using: &generator) : .max
            isPaused = Int.random(in: 0..<10, using: &generator) == 0
            isRowAwaited = Int.random(in: 0..<3, using: &generator) == 0
            yields = Int.random(in: 0...(1 << Int.random(in: 0...11, using: &generator)), using: &generator)
        }
    }

    /// How a query may end.
    private enum Ending: Hashable { case whole, left, cancelledBeforeRows, cancelledAmongRows }

    /// Owns the connection that one task after the other uses.
    private actor Runner {
        private let connection: PostgresConnection
        let processID: Int

        init(_ url: String) async throws {
            connection = try await PostgresConnection.connect(url)
            processID = try await connection.processID()
        }

        func run(_ plan: Plan, _ hasRows: Gate) async -> Ending {
            // A query without rows, or a paused one, keeps nobody waiting.
            if !plan.hasRows { hasRows.open() }
            defer { hasRows.open() }
            var control: StreamControl?
            var count = 0
            do throws(PostgresError) {
                let rows = try await connection.query(plan.query)
                control = rows.control
                if plan.isPaused { rows.control.pause() }
                for try await _ in rows {
                    count += 1
                    if count == 1 { hasRows.open() }
                    if count == plan.rowsMax { break }
                }
                let isLeft = count == plan.rowsMax
                #expect(isLeft || rows.control.state == .completed)
                return isLeft ? .left : .whole
            } catch {
                #expect(error.code == .cancelled && error.isConnectionUsable, "\(error)")
                if let control { #expect(control.state == .cancelled) }
                return count == 0 ? .cancelledBeforeRows : .cancelledAmongRows
            }
        }

        /// The query that comes next and that nobody cancels.
        func expectUsable() async throws { try await connection.expectUsable() }
    }

    @Test(arguments: LiveServer.allCases)
    func `no query is hit by the cancellation of another one`(_ live: LiveServer) async throws {
        let runner = try await Runner(live.server.url)
        try await race(runner)
        try await live.connect().expectIdle(runner.processID)
    }

    @Test(arguments: [PgBouncerOptions.PoolMode.session, .transaction])
    func `behind PgBouncer no query is hit either`(mode: PgBouncerOptions.PoolMode) async throws {
        let server = try await LiveServer.postgres15.server
        try await LivePooler.run(inFrontOf: server, PgBouncerOptions(poolMode: mode), crashesMax: 3) { pooler in
            try await race(Runner(pooler.url()))
        }
    }

    private func race(_ runner: Runner) async throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        var endings: [Ending: Int] = [:]
        for round in 1...Self.rounds {
            let plan = Plan(&generator)
            let hasRows = Gate()
            let victim = Task { await runner.run(plan, hasRows) }
            if plan.isRowAwaited { await hasRows.wait() }
            for _ in 0..<plan.yields { await Task.yield() }
            victim.cancel()
            endings[await victim.value, default: 0] += 1
            do {
                try await runner.expectUsable()
            } catch {
                Issue.record("round \(round), seed \(seed): \(plan) made the next query fail: \(error)")
                return
            }
        }
        #expect(endings.values.reduce(0, +) == Self.rounds)
        #expect(endings[.cancelledBeforeRows, default: 0] > 0 && endings[.cancelledAmongRows, default: 0] > 0)
    }

    @Test(arguments: LiveServer.allCases, Phase.allCases)
    func `cancelling the task reaches the server in every phase`(_ live: LiveServer, phase: Phase) async throws {
        let reached = Gate()
        let observer = try await live.connect()
        let task = Task { () -> Int in
            let connection = try await live.connect()
            let processID = try await connection.processID()
            let error = await failure {
                if phase == .beforeRows { reached.open() }
                let rows = try await connection.query(phase.query)
                if phase == .paused { rows.control.pause() }
                if phase != .amongRows { reached.open() }
                for try await _ in rows where phase == .amongRows { reached.open() }
            }
            #expect(error?.code == .cancelled && error?.isConnectionUsable == true)
            // Whoever looks must not be cancelled himself; the connection stays open until it is found usable.
            return try await Task {
                try await live.connect().expectIdle(processID)
                try await connection.expectUsable()
                return processID
            }.value
        }
        await reached.wait()
        if phase == .beforeRows { try await observer.execute("SELECT pg_sleep(0.05)") }
        task.cancel()
        #expect(try await task.value > 0)
    }

    enum Phase: CaseIterable, Sendable {
        case beforeRows, betweenRows, amongRows, paused

        var query: PostgresQuery {
            switch self {
            case .beforeRows: "SELECT pg_sleep(3600)"
            case .betweenRows: "SELECT n, CASE n WHEN 1000 THEN pg_sleep(3600) END FROM generate_series(1, 2000) n"
            case .amongRows, .paused: "SELECT generate_series(1, 100000000000)"
            }
        }
    }
}
