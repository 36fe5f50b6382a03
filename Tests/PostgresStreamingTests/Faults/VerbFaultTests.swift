import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Every verb, cut off and cancelled behind every message that the server sends for it.
///
/// Afterwards the connection works, in no transaction, or is closed and says so; nothing waits for ever.
@Suite(.timeLimit(.minutes(5))) struct VerbFaultTests {
    enum Verb: CaseIterable {
        case query, keptQuery, privileges, execute, simple, results, transaction, savepoints, prepared, describe, reset,
            remains

        /// What is done before the faults begin.
        nonisolated(nonsending) func prepare(_ connection: PostgresConnection) async throws {
            guard self == .keptQuery else { return }
            for _ in 1...2 { try await run(on: connection) }
        }

        nonisolated(nonsending) func run(on connection: PostgresConnection) async throws {
            switch self {
            case .query, .keptQuery:
                _ = try await connection.query("SELECT n FROM generate_series(1, \(3)) AS n").collect()
            // Described before it is run, because what it returns may have no binary form.
            case .privileges: _ = try await connection.query("SELECT nspacl FROM pg_namespace").collect()
            case .execute: try await connection.execute("SET work_mem = '4MB'")
            case .simple: try await connection.execute("SELECT 1; SET work_mem = '4MB'", mode: .simple)
            case .results:
                for try await rows in try await connection.results(of: "SELECT 1; SET work_mem = '4MB'; SELECT 2") {
                    _ = try await rows.collect()
                }
            case .transaction:
                try await connection.withTransaction(options: TransactionOptions { $0.tracksCommit = true }) {
                    for _ in 1...2 { _ = try await $0.query("SELECT pg_current_xact_id()::text").collect() }
                }
            case .savepoints:
                try await connection.withTransaction { transaction in
                    do {
                        try await transaction.withSavepoint { try await $0.execute("SELECT 1/0") }
                    } catch {
                        guard (error as? PostgresError)?.sqlState == .divisionByZero else { throw error }
                    }
                    try await transaction.withSavepoint { try await $0.execute("SELECT 1") }
                }
            case .prepared:
                let statement = try await connection.prepare("SELECT $1::int4", parameters: Int.self, rows: Int.self)
                _ = try await statement.query(5).only()
            case .describe: _ = try await connection.describe("SELECT 1")
            case .reset: try await connection.reset()
            case .remains: _ = try await connection.remains()
            }
        }
    }

    /// The bytes to the client behind each of which one more message of the verb is whole, and the middle of one.
    private func places(_ verb: Verb, _ server: PostgresServer) async throws -> [Int] {
        try await FaultProxy.run(to: UInt16(server.port)) { proxy in
            let connection = try await connect(to: server, through: proxy)
            try await verb.prepare(connection)
            let start = proxy.bytesToClients
            try await verb.run(on: connection)
            await connection.close()
            let bytes = Array(proxy.messagesToClients.dropFirst(start))
            var places = [2]
            var place = 0
            while place + 5 <= bytes.count {
                place += 1 + bytes[place + 1..<place + 5].reduce(0) { $0 << 8 | Int($1) }
                places.append(place)
            }
            #expect(places.last == bytes.count && places.count > 3, "\(verb)")
            return places
        }
    }

    private func connect(
        to server: PostgresServer, through proxy: FaultProxy
    ) async throws -> sending PostgresConnection {
        var configuration = try PostgresConfiguration(connectionString: server.url)
        configuration.endpoints = [.tcp(host: "127.0.0.1", port: proxy.port)]
        configuration.tls.mode = .disable
        return try await PostgresConnection.connect(configuration)
    }

    @Test(arguments: Verb.allCases, LiveServer.allCases)
    func `a verb that is cut off behind any message throws, and the connection says that it is closed`(
        verb: Verb, live: LiveServer
    ) async throws {
        let server = try await live.server
        // Behind the last message everything is well.
        for place in try await places(verb, server).dropLast() {
            try await FaultProxy.run(to: UInt16(server.port)) { proxy in
                let connection = try await connect(to: server, through: proxy)
                try await verb.prepare(connection)
                proxy.inject(.cut, after: .bytes(place), .toClient)
                let error = await failure { try await verb.run(on: connection) }
                #expect(
                    error?.isConnectionUsable == false,
                    "\(verb) cut behind \(place) bytes: \(String(describing: error))")
                let next = await failure { try await connection.execute("SELECT 1") }
                #expect(next?.isConnectionUsable == false, "\(verb) cut behind \(place) bytes")
            }
        }
    }

    @Test(arguments: Verb.allCases, LiveServer.allCases)
    func `a verb that is cancelled behind any message leaves a connection that works`(
        verb: Verb, live: LiveServer
    ) async throws {
        let server = try await live.server
        for place in try await places(verb, server).dropLast() {
            try await FaultProxy.run(to: UInt16(server.port)) { proxy in
                let user = User(try await connect(to: server, through: proxy))
                try await user.prepare(verb)
                let held = proxy.inject(.stall, after: .bytes(place), .toClient)
                let task = Task { await user.run(verb) }
                await held.wait()
                task.cancel()
                proxy.resume()
                let outcome = await task.value
                // Asked by a task that is not cancelled.
                let isUsable = await user.isUsable()
                #expect(["done", "cancelled"].contains(outcome), "\(verb) cancelled behind \(place) bytes: \(outcome)")
                #expect(isUsable, "\(verb) cancelled behind \(place) bytes: \(outcome)")
            }
        }
    }

    /// Whoever uses the connection, from one task and then from another.
    private actor User {
        private let connection: PostgresConnection

        init(_ connection: sending PostgresConnection) { self.connection = connection }

        func prepare(_ verb: Verb) async throws { try await verb.prepare(connection) }

        func run(_ verb: Verb) async -> String {
            do {
                try await verb.run(on: connection)
                return "done"
            } catch let error as PostgresError {
                return "\(error.code)"
            } catch {
                return "\(error)"
            }
        }

        func isUsable() async -> Bool {
            do {
                for number in 1...3 {
                    let answer = try await connection.query("SELECT \(number) + 1").only().decode(Int.self)
                    guard answer == number + 1, connection.transactionStatus == .idle else { return false }
                }
                return true
            } catch {
                print("↳ \(error)")
                return false
            }
        }
    }
}
