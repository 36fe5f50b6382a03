import PostgresStreaming
import PostgresTestSupport

/// What a verb is run on: a connection, a pool, or a configuration alone.
///
/// An actor, so that one task can run the verb, and another one see what is left of it.
actor Session {
    /// How a run of a verb ended.
    enum Ending: Sendable, CustomStringConvertible {
        case done
        case failed(PostgresError)
        /// It returned something wrong, or threw what is no `PostgresError`.
        case wrong(String)

        var error: PostgresError? { if case .failed(let error) = self { error } else { nil } }

        var description: String {
            switch self {
            case .done: "done"
            case .failed(let error): "\(error.code)"
            case .wrong: "wrong"
            }
        }
    }

    /// The settings of pools.
    static let pool = PostgresPoolConfiguration {
        $0.connectionsMax = 2
        $0.leaseTimeout = .seconds(2)
        $0.checkTimeout = .milliseconds(300)
        $0.shutdownTimeout = .seconds(2)
        $0.backoffMin = .milliseconds(10)
        $0.backoffMax = .milliseconds(50)
        $0.answeredBackoffMax = .milliseconds(50)
    }

    private let verb: Verb
    private let configuration: PostgresConfiguration
    private let number: Int64
    private var connection: PostgresConnection?
    private var client: PostgresClient?

    init(_ verb: Verb, _ configuration: PostgresConfiguration, number: Int64) {
        self.verb = verb
        self.configuration = configuration
        self.number = number
    }

    /// Connects, where the verb starts with a connection.
    func prepare() async throws {
        switch verb.body {
        case .connection: connection = try await PostgresConnection.connect(configuration)
        case .client: client = PostgresClient(configuration, pool: Self.pool)
        case .configuration: break
        }
    }

    /// Runs the verb; `start` is called just before.
    func run(_ start: @Sendable () -> Void) async -> Ending {
        start()
        return await Self.ending { [verb, connection, client, configuration, number] in
            switch verb.body {
            case .connection(let body): if let connection { try await body(connection, number) }
            case .client(let body): if let client { try await body(client, number) }
            case .configuration(let body): try await body(configuration, number)
            }
        }
    }

    private static func ending(_ body: nonisolated(nonsending) () async throws -> Void) async -> Ending {
        do {
            try await body()
            return .done
        } catch let error as PostgresError {
            return .failed(error)
        } catch let error as Verb.WrongResult {
            return .wrong(error.description)
        } catch {
            return .wrong("an error of another type: \(type(of: error)) \(error)")
        }
    }

    /// What contradicts the ending in what is left: the connection is not what the error says, or the pool has lost a
    /// slot. The network is well, and the task is not cancelled.
    func contradictions(to ending: Ending) async -> [String] {
        if let connection { return await contradictions(to: ending, on: connection) }
        if let client { return await contradictions(in: client) }
        return []
    }

    private func contradictions(to ending: Ending, on connection: PostgresConnection) async -> [String] {
        let next = await Self.ending { [connection] in
            try Verb.expect(await connection.query("SELECT \(40) + 2").only().decode(Int.self), 42)
            try Verb.expect(connection.transactionStatus, .idle)
        }
        switch (ending, next) {
        case (_, .wrong(let text)): return ["the next query is wrong: \(text)"]
        case (.failed(let error), .done) where !error.isConnectionUsable:
            return ["a connection works that is said not to be usable"]
        case (.failed(let error), .failed(let other)) where error.isConnectionUsable:
            return ["a connection fails that is said to be usable: \(other)"]
        default: return []
        }
    }

    private func contradictions(in client: PostgresClient) async -> [String] {
        var found: [String] = []
        let statistics = client.statistics
        if statistics.leased > 0 || statistics.waiting > 0 { found.append("slots are taken: \(statistics)") }
        // A connection that is idle in the pool may have been lost without a word, and after an attempt to connect that
        // failed the pool waits before the next one.
        var next = Ending.done
        let deadline = ContinuousClock.now + .seconds(2)
        repeat {
            next = await Self.ending { [client] in
                try Verb.expect(await client.query("SELECT \(40) + 2").only().decode(Int.self), 42)
            }
            if case .done = next { break }
            await Task.yield()
        } while ContinuousClock.now < deadline
        if case .done = next {} else { found.append("the pool does not work any more: \(next) \(next.error as Any)") }
        return found
    }

    /// Closes what is open, and says what does not end.
    func close() async -> [String] {
        await connection?.close()
        connection = nil
        guard let client else { return [] }
        let isClosed = await client.close()
        let statistics = client.statistics
        return isClosed && statistics.total == 0 ? [] : ["the pool does not close: \(statistics)"]
    }
}

/// Held by every task that a session starts: gone when all of them are over.
final class Sentinel: Sendable {
    @TaskLocal static var current: Sentinel?

    private let gone: Gate

    init(_ gone: Gate) { self.gone = gone }

    deinit { gone.open() }
}
