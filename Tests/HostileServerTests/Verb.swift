import PostgresStreaming

/// A call of the library that meets a hostile server.
enum Verb: String, CaseIterable, Sendable {
    case connect
    case execute
    case rows
    case first
    /// Leaves a stream after its first row.
    case leave
    case prepare
    case prepared
    case transaction
    case pooled
    /// Runs the query and a command in one flight.
    case batch
    /// Runs a COPY as a query.
    case copy
    case copyOut
    case copyRows
    case copyIn
    /// Runs one statement with two rows of parameters.
    case many
    /// Sends a parameter that no kernel takes at once.
    case send
    case close

    /// Those that run a query and see its rows.
    static let reading: [Verb] = streaming + [.batch]
    /// Those of them that look at a row when it comes; a batch has all of them first.
    static let streaming: [Verb] = [.rows, .first, .prepared, .transaction, .pooled]
    /// Those that run a query.
    static let querying: [Verb] = [.execute] + reading
    /// Those of them whose query the server has not parsed before.
    static let unprepared: [Verb] = [.execute, .rows, .first, .transaction, .pooled, .batch]

    static let query: PostgresQuery = "SELECT n FROM numbers"

    private static let longText = String(repeating: "x", count: 12 << 20)
}

/// How a call went.
struct TrialOutcome: Sendable {
    /// The rows that were delivered.
    var numbers: [Int64] = []
    /// How many rows the command's tag counts, where the call shows none.
    var rowCount: Int?
    var error: PostgresError?
    /// What the next call met: nil where it saw the honest rows.
    var next: PostgresError?
    /// Rows of the next call that are not the honest ones.
    var strangeRows: [Int64] = []
    /// Whether there was a connection for a next call.
    var hasNext = false
    /// From the beginning of the call to its end.
    var elapsed = Duration.zero
}

extension TrialOutcome {
    /// Makes the call and notes what it throws.
    mutating nonisolated(nonsending) func note(
        _ call: nonisolated(nonsending) (inout TrialOutcome) async throws(PostgresError) -> Void
    ) async {
        do throws(PostgresError) { try await call(&self) } catch { self.error = error }
    }

    /// Makes the next call and notes what is not as an honest server would have it.
    mutating nonisolated(nonsending) func noteNext(
        _ call: nonisolated(nonsending) () async throws(PostgresError) -> [Int64]
    ) async {
        hasNext = true
        do throws(PostgresError) {
            let numbers = try await call()
            if numbers != [1, 2] { strangeRows = numbers }
        } catch {
            next = error
        }
    }
}

extension Verb {
    /// Connects, makes the call, makes another one, and closes.
    nonisolated(nonsending) func meet(_ configuration: PostgresConfiguration) async -> TrialOutcome {
        var outcome = TrialOutcome()
        if self == .pooled {
            await meetPooled(configuration, &outcome)
            return outcome
        }
        var start = ContinuousClock.now
        do throws(PostgresError) {
            let connection = try await PostgresConnection.connect(configuration)
            if self == .send { _ = Self.longText.utf8.count }
            if self != .connect { start = .now }
            await outcome.note { outcome async throws(PostgresError) in try await call(connection, &outcome) }
            outcome.elapsed = start.duration(to: .now)
            await outcome.noteNext { () async throws(PostgresError) in try await numbers(on: connection) }
            if self == .leave { outcome.elapsed = start.duration(to: .now) }
            await connection.close()
            if self == .close { outcome.elapsed = start.duration(to: .now) }
        } catch {
            outcome.error = error
            outcome.elapsed = start.duration(to: .now)
        }
        return outcome
    }

    private nonisolated(nonsending) func meetPooled(
        _ configuration: PostgresConfiguration, _ outcome: inout TrialOutcome
    ) async {
        let client = PostgresClient(
            configuration,
            pool: PostgresPoolConfiguration {
                $0.connectionsMax = 1
                $0.leaseTimeout = configuration.connectTimeout
                $0.checkTimeout = Behaviour.Limit.cleanUpTime
                $0.backoffMin = .milliseconds(10)
                $0.shutdownTimeout = .seconds(2)
            })
        let start = ContinuousClock.now
        await outcome.note { outcome async throws(PostgresError) in outcome.numbers = try await leased(client) }
        outcome.elapsed = start.duration(to: .now)
        // A server that let the time of a query pass takes no other session, and nothing is learnt by waiting for one.
        let time = min(configuration.queryTimeout ?? configuration.connectTimeout, configuration.connectTimeout)
        await outcome.noteNext { () async throws(PostgresError) in try await leased(client, within: time * 4) }
        await client.close()
    }

    private nonisolated(nonsending) func leased(
        _ client: PostgresClient, within time: Duration? = nil
    ) async throws(PostgresError) -> [Int64] {
        do {
            return try await client.withConnection(within: time) { connection in
                try await numbers(on: connection)
            }
        } catch let error as PostgresError {
            throw error
        } catch {
            throw PostgresError(.invalidState, "\(error)")
        }
    }

    private nonisolated(nonsending) func numbers(
        on connection: PostgresConnection
    ) async throws(PostgresError) -> [Int64] {
        try await connection.query(Self.query).decode(Int64.self).collect()
    }

    private nonisolated(nonsending) func call(
        _ connection: PostgresConnection, _ outcome: inout TrialOutcome
    ) async throws(PostgresError) {
        switch self {
        case .connect, .pooled, .close: break
        case .execute: outcome.rowCount = try await connection.execute(Self.query)?.rows
        case .rows:
            let rows = try await connection.query(Self.query)
            for try await number in rows.decode(Int64.self) { outcome.numbers.append(number) }
        case .first:
            if let number = try await connection.query(Self.query).decode(Int64.self).first() {
                outcome.numbers.append(number)
            }
        case .leave:
            for try await number in try await connection.query(Self.query).decode(Int64.self) {
                outcome.numbers.append(number)
                break
            }
        case .prepare: _ = try await connection.prepare(Self.query, parameters: Void.self, rows: (Int64).self)
        case .prepared:
            let statement = try await connection.prepare(Self.query, parameters: Void.self, rows: (Int64).self)
            outcome.numbers = try await statement.query().collect()
        case .transaction: try await transact(on: connection, &outcome)
        case .copy: try await connection.execute("COPY everything TO STDOUT")
        case .batch, .copyOut, .copyRows, .copyIn, .many: try await move(on: connection, &outcome)
        case .send:
            try await connection.execute("SELECT n FROM numbers WHERE \(Self.longText) <> ''")
        }
    }

    /// Runs what may throw errors of any type.
    private nonisolated(nonsending) func move(
        on connection: PostgresConnection, _ outcome: inout TrialOutcome
    ) async throws(PostgresError) {
        do {
            switch self {
            case .batch:
                let results = try await connection.batch([Self.query, "SELECT"])
                for row in results[0].rows { outcome.numbers.append(try row.decode(Int64.self)) }
            case .copyOut:
                var front: [UInt8] = []
                for try await chunk in try await connection.copyOut("COPY numbers TO STDOUT") where front.count < 1000 {
                    chunk.append(to: &front)
                }
                outcome.numbers = String(decoding: front, as: UTF8.self).split(separator: "\n").compactMap { Int64($0) }
            case .copyRows:
                let rows = try await connection.copyRows(from: .query(Self.query)).decode(Int64.self)
                var numbers: [Int64] = []
                for try await number in rows where numbers.count < 1000 { numbers.append(number) }
                outcome.numbers = numbers
            case .copyIn:
                let options = PostgresCopyInput { $0.bufferBytes = 1 }
                outcome.rowCount = try await connection.copyIn("COPY numbers FROM STDIN", options: options) { writer in
                    for number in 1...2 { try await writer.write("\(number)\n") }
                }.rowCount
            default:
                let sql: PostgresQuery = "INSERT INTO journal VALUES ($1)"
                outcome.rowCount = try await connection.executeMany(sql, over: [1, 2] as [Int64]).rowCount
            }
        } catch let error as PostgresError {
            throw error
        } catch {
            throw PostgresError(.invalidState, "\(error)")
        }
    }

    private nonisolated(nonsending) func transact(
        on connection: PostgresConnection, _ outcome: inout TrialOutcome
    ) async throws(PostgresError) {
        do {
            outcome.numbers = try await connection.withTransaction { transaction in
                try await transaction.query(Self.query).decode(Int64.self).collect()
            }
        } catch let error as PostgresError {
            throw error
        } catch {
            throw PostgresError(.invalidState, "\(error)")
        }
    }
}
