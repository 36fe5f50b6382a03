import PostgresTransport
import PostgresWire

/// Several statements in one query string as the sequence of their results sees them.
final class ResultsSource {
    private let gate: ConnectionGate
    private let query: PostgresQuery
    private let options: StreamOptions
    private let number: Int
    private let driver: ConnectionDriver
    /// The time for all of the results; nil where it has no limit.
    private let time: TimeAllowed?
    /// The result that was handed out last.
    private weak var latest: StreamSource?
    /// The rows of a result may still come.
    var hasOpenStream = false
    /// The server was ready behind the last statement, or the connection is lost.
    var hasEnded = false
    private var isIterated = false
    /// What a result failed with, and was not said of the next one yet.
    private var failure: PostgresError?

    init(
        gate: ConnectionGate, _ driver: ConnectionDriver, _ query: PostgresQuery, _ options: StreamOptions,
        in scope: (any StatementScope)?
    ) {
        self.gate = gate
        self.driver = driver
        self.query = query
        self.options = options
        time = TimeAllowed.tightest(scope?.time, (options.timeout ?? driver.times.query).map(TimeAllowed.init))
        number = gate.becomeStream()
    }

    deinit { leave() }

    /// Begins the only pass; false for a second one.
    func begin() -> Bool {
        defer { isIterated = true }
        return !isIterated
    }

    private func leave() {
        guard !hasEnded else { return }
        hasEnded = true
        if !gate.hasCutOff(stream: number) {
            gate.leave(after: [time?.limit, options.idleTimeout?.asLimit].compactMap(\.self).min())
        }
    }

    /// A result could not be read to its end, and what comes after it is not waited for either.
    func fail(_ error: PostgresError) {
        guard !hasEnded else { return }
        failure = error
        leave()
    }

    /// Fetches the next result; nil behind the last.
    nonisolated(nonsending) func next() async throws(PostgresError) -> RowStream? {
        if let error = failure.take() { throw gate.hasCutOff(stream: number) ? error : gate.stamped(error) }
        guard !hasEnded else { return nil }
        try gate.check(stream: number)
        guard !gate.isFetching else {
            throw PostgresError(.connectionBusy, "a result is being read by another call")
        }
        gate.beginFetching()
        do throws(PostgresError) {
            defer { gate.endFetching() }
            guard !Task.isCancelled else { throw PostgresError(.cancelled, "the task was cancelled") }
            latest?.endBeforeNextResult()
            return try await fetch()
        } catch {
            observe(asked: MonotonicTime.now.nanoseconds)?.ended(QueryEnd(error, total: 0))
            leave()
            throw gate.hasCutOff(stream: number) ? error : await gate.settled(error)
        }
    }

    private nonisolated(nonsending) func fetch() async throws(PostgresError) -> RowStream? {
        driver.regulate(by: waitRegulator())
        let end = try await driver.answers { event in
            switch event {
            case .columns(let columns):
                hasOpenStream = true
                return source(ColumnLayout(columns))
            case .completed(let tag):
                // The end of a result whose rows were not wanted is not another result.
                guard hasOpenStream else { return source(endedBy: tag) }
                hasOpenStream = false
            default: break
            }
            return nil
        }
        if case .taken(let source) = end { return RowStream(source) }
        driver.regulate(by: nil)
        hasEnded = true
        gate.finish()
        guard case .ready(let error?) = end else { return nil }
        gate.transaction?.note(error)
        throw error
    }

    private func source(_ layout: ColumnLayout) -> StreamSource {
        let regulator = regulator()
        driver.regulate(by: regulator)
        let source = StreamSource(gate: gate, number: number, layout: layout, regulator: regulator, oneOf: self)
        latest = source
        return source
    }

    private func source(endedBy tag: CommandTag) -> StreamSource {
        StreamSource(ended: gate, regulator: regulator(), commandTag: PostgresCommandTag(tag))
    }

    /// What bounds the wait for the next result; nil where nothing does.
    private func waitRegulator() -> StreamRegulator? {
        guard time != nil || options.idleTimeout != nil else { return nil }
        let limits = StreamOptions { [options] in $0.idleTimeout = options.idleTimeout }
        return driver.makeRegulator(limits, nil, within: time)
    }

    private func regulator() -> StreamRegulator {
        let asked = MonotonicTime.now.nanoseconds
        let regulator = driver.makeRegulator(options, observe(asked: asked), asked: asked, within: time)
        regulator.described()
        return regulator
    }

    /// Each result is a query of its own for who listens.
    private func observe(asked: Int64) -> QueryObservation? {
        driver.observation.map {
            QueryObservation($0, sql: query.sql, name: options.name, options.traits, asked: asked)
        }
    }
}

extension PostgresError {
    static var severalResults: PostgresError {
        PostgresError(
            .unsupported, "the query returned more than one set of rows",
            hint: "Run the statements one by one; those that were run have taken effect.")
    }
}
