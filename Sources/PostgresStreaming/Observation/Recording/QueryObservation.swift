import PostgresTransport
import Synchronization

/// Who listens to one query: everything that is recorded of it goes through here, from its stream and from whoever
/// steers that.
final class QueryObservation: Sendable {
    /// The query's number.
    let id = QueryObservation.numbers.wrappingAdd(1, ordering: .relaxed).newValue
    let connection: ConnectionObservation
    let metrics: PostgresMetrics?
    /// What is recorded for every query and chunk; nil where nobody counts.
    let series: QuerySeries?
    private let name: String?
    private let text: String?
    private let asked: Int64

    private static let numbers = Atomic<Int>(0)

    /// A query is asked for; its SQL is put together only for who wants to see it.
    init(
        _ connection: ConnectionObservation, sql: @autoclosure () -> String, name: String?, _ traits: QueryTraits,
        asked: Int64
    ) {
        self.connection = connection
        self.asked = asked
        metrics = connection.metrics
        self.name = name
        text = connection.interests.includesText ? sql() : nil
        series = metrics.map { $0.series(ofQuery: name) }
        if let series { metrics?.queries.submit(series.label, traits) }
        tell(.queued) { $0.duration = nil }
    }

    /// The time since the query was asked for, in nanoseconds.
    var elapsed: Int64 { MonotonicTime.now.nanoseconds - asked }

    /// Tells the observer that the query is at `phase`.
    private func tell(_ phase: QueryPhase, _ describe: (inout PostgresEvent) -> Void = { _ in }) {
        tell(.queryPhase) { event in
            event.phase = phase
            event.duration = .nanoseconds(MonotonicTime.now.nanoseconds - asked)
            describe(&event)
        }
    }

    private func tell(_ kind: PostgresEvent.Kind, _ describe: (inout PostgresEvent) -> Void) {
        connection.tell(kind) { event in
            event.query = id
            event.name = name
            event.text = text
            describe(&event)
        }
    }

    // MARK: on its way

    /// The whole of it was handed to the kernel.
    func sent() { tell(.sent) }

    /// The server has described the rows, or has run what has none.
    func described(nanoseconds: Int64) {
        series?.startupTime.record(nanoseconds)
        tell(.serverExecuting)
    }

    /// A chunk is handed out: its rows and bytes, the time since they were read, the rows at hand with and without it.
    func delivered(_ chunk: ChunkRecord) {
        series?.delivered(chunk)
        switch chunk.number {
        case 0:
            series?.firstRowTime.record(chunk.sinceSent)
            tell(.firstRow) { $0.rows = chunk.rows }
        case 1: tell(.streaming) { $0.rows = nil }
        default: break
        }
    }

    /// The consumer has done with a chunk.
    func consumed(nanoseconds: Int64) {
        series?.consumed(nanoseconds: nanoseconds)
        if nanoseconds > connection.stallNanoseconds { stalled(.consumer, nanoseconds) }
    }

    /// The consumer had to wait for the server.
    func waited(nanoseconds: Int64) {
        if nanoseconds > connection.stallNanoseconds { stalled(.server, nanoseconds) }
    }

    private func stalled(_ side: StallSide, _ nanoseconds: Int64) {
        metrics?.queries.stalls[side].add()
        tell(side == .server ? .stalledOnServer : .stalledOnConsumer) { $0.duration = .nanoseconds(nanoseconds) }
    }

    /// The most rows of a chunk were changed.
    func adjusted(from old: Int, to new: Int) {
        guard let series else { return }
        metrics?.streams.adjusted[series.label, new > old ? .up : .down, OldChunkSize(old), NewChunkSize(new)].add()
    }

    /// A read was put off so that bytes could gather.
    func gathered() { metrics?.streams.gathered.add() }

    /// It was put off in vain.
    func gatheredInVain() { metrics?.streams.gatheredInVain.add() }

    // MARK: pauses and memory

    /// Somebody paused the stream.
    func paused(reason: String?) {
        if let series { metrics?.streams.paused[series.label].add() }
        tell(.paused) { event in
            if connection.interests.includesText { event.attributes["reason"] = reason }
        }
    }

    /// A pause is over, and the stream goes on unless it is at its end.
    func resumed(after time: Duration, hasExpired: Bool, goesOn: Bool) {
        if let series, let streams = metrics?.streams {
            streams.pauseTime[series.label].record(time)
            if hasExpired { streams.pauseExpired[series.label].add() }
            if goesOn { streams.resumed[series.label].add() }
        }
        if hasExpired { connection.passed(.pause) }
        if goesOn { tell(.streaming) { $0.duration = time } }
    }

    /// The stream's memory is above its soft limit.
    func crossedSoftLimit() {
        if let series { metrics?.streams.memoryWarned[series.label].add() }
        tell(.memorySoftLimit) { _ in }
    }

    /// The stream waited for memory.
    func waitedForMemory(nanoseconds: Int64) { metrics?.streams.memoryWait.record(nanoseconds) }

    /// The query has been open for so long that its snapshot may hold vacuum back.
    func holdsSnapshot(for time: Duration, processID: Int32?, phase: QueryPhase, rows: Int, bytes: Int) {
        if let series { metrics?.streams.longSnapshots[series.label].add() }
        tell(.longSnapshot) { event in
            event.phase = phase
            event.duration = time
            event.rows = rows
            event.bytes = bytes
            event.attributes["process_id"] = processID.map { "\($0)" }
        }
    }

    /// The query runs by a portal, and so without the workers that its plan has.
    func runsSerially() { tell(.serialPlan) { _ in } }

    // MARK: values

    /// The one who counts the rows that become values of a type; nil where nobody does.
    func decoding(into type: Any.Type) -> DecodingObservation? {
        guard let metrics, let series else { return nil }
        return DecodingObservation(metrics.decoding, series.label, metrics.label(ofType: "\(type)"))
    }

    // MARK: end

    /// A predicate kept rows back.
    func noteFiltered(_ count: Int) {
        if let series { metrics?.decoding.filtered[series.label].add(count) }
    }

    /// The query is over; called once.
    func ended(_ end: QueryEnd) {
        if let series { record(end, series) }
        if let error = end.error { metrics?.connections.errors[ErrorCategory(error), end.phase].add() }
        let threshold = connection.interests.slowQueryThreshold?.nanoseconds ?? .max
        for kind in [PostgresEvent.Kind.queryPhase] + (end.total > threshold ? [.slowQuery] : []) {
            tell(kind) { event in
                event.phase = .done
                event.duration = .nanoseconds(MonotonicTime.now.nanoseconds - asked)
                event.rows = end.rows
                event.bytes = end.bytes
                event.attributes["status"] = end.status.text
                guard let error = end.error else { return }
                event.error = error.code
                event.sqlState = error.sqlState
            }
        }
    }

    private func record(_ end: QueryEnd, _ series: QuerySeries) {
        guard let metrics else { return }
        series.rows.record(end.rows)
        series.bytes.record(end.bytes)
        series.totalTime.record(end.total)
        series.serverWait.record(end.serverWait)
        series.consumerWait.record(end.consumerWait)
        series.bufferedRows.add(-end.rowsLeft)
        metrics.queries.rowsProcessed[series.label, end.status].add(end.rows)
        switch (end.status, end.error) {
        case (.success, _): series.succeeded.add()
        case (.error, let error?):
            if error.code == .memoryLimitExceeded { metrics.streams.memoryExceeded[series.label].add() }
            metrics.queries.failed[series.label, ErrorCategory(error)].add()
        default: metrics.queries.cancelled[series.label].add()
        }
    }
}

/// What is recorded of one chunk; times in nanoseconds.
struct ChunkRecord {
    /// Counted from zero.
    let number: Int
    let rows: Int
    let bytes: Int
    /// The rows that are here and were not handed out, now and after the chunk before.
    let rowsLeft: Int
    let rowsLeftBefore: Int
    /// The time since the read that brought the rows.
    let handOver: Int64
    /// The time since the query was sent.
    let sinceSent: Int64
}

/// How a query ended; times in nanoseconds.
struct QueryEnd {
    /// What the caller was told; nil where nothing went wrong.
    var error: PostgresError?
    /// What was under way when it went wrong.
    var phase = ErrorPhase.stream
    var status: QueryStatus
    var rows = 0
    var bytes = 0
    /// The rows that were here and not handed out.
    var rowsLeft = 0
    var total: Int64 = 0
    var serverWait: Int64 = 0
    var consumerWait: Int64 = 0

    /// A query that came to no stream.
    init(_ error: PostgresError, total: Int64) {
        self.error = error
        self.total = total
        phase = .query
        status = error.code == .cancelled ? .cancelled : .error
    }

    /// A stream that came to its end.
    ///
    /// - Parameters:
    ///   - isComplete: whether everything was read.
    ///   - error: what the consumer was told; nil where nothing went wrong.
    ///   - isDecoding: whether it came up with a row's value.
    init(isComplete: Bool, _ error: PostgresError?, isDecoding: Bool) {
        self.error = error
        if isDecoding { phase = .decode }
        switch error {
        case _ where isComplete: status = .success
        case let error? where error.code != .cancelled: status = .error
        default: status = .cancelled
        }
    }
}
