import PostgresTransport

/// What one chunk adds to the books of its stream.
package struct StreamChunk: Hashable, Sendable {
    /// Its rows.
    package let rows: Int
    /// Their bytes on the wire.
    package let bytes: Int
    /// The rows that were read and are not handed out with it.
    package let rowsLeft: Int
    /// The most rows that it could have.
    package let rowLimit: Int
    /// How often that limit was changed.
    package let adjustments: Int

    /// Describes a chunk.
    package init(rows: Int, bytes: Int, rowsLeft: Int = 0, rowLimit: Int, adjustments: Int = 0) {
        self.rows = rows
        self.bytes = bytes
        self.rowsLeft = rowsLeft
        self.rowLimit = rowLimit
        self.adjustments = adjustments
    }
}

/// The books of one stream: its rows, bytes and chunks, and who waited for whom. Pure: time comes with the events, in
/// nanoseconds of one clock.
///
/// The consumer waits for the server from asking for rows until it gets them, but for what is waited aside: for the end
/// of a pause, or for memory. Between a chunk and the next request the server waits for the consumer.
package struct StreamLedger: Sendable {
    /// What is counted; the times in it that go on are filled in by `statistics`.
    private var counts = StreamStatistics()
    private var begun: Int64 = 0
    private var ended: Int64?
    /// When rows were last asked for; before the first time, when the query was sent.
    private var requested: Int64 = 0
    /// When the last chunk was handed out.
    private var delivered: Int64?
    /// Whether the rows that were asked for are yet to be handed out.
    private(set) var isRequested = true
    /// The time in which the consumer waited for the server, up to the last chunk or the end.
    package private(set) var waiting: Int64 = 0
    /// The time in which the consumer was waited for, up to then.
    package private(set) var consuming: Int64 = 0
    /// What was waited aside since rows were last asked for, and since when it goes on.
    private var aside: Int64 = 0
    private var asideSince: Int64?
    private var last: StreamChunk?
    private var lastAside: Int64 = 0

    init() {}

    /// The rows handed out.
    package var rows: Int { counts.rows }
    /// Their bytes.
    package var bytes: Int { counts.bytes }
    /// The chunks handed out.
    package var chunks: Int { counts.chunks }
    /// The rows that were read and not handed out, as of the last chunk.
    package var rowsLeft: Int { last?.rowsLeft ?? 0 }
    /// The time from sending the query to its end; nil before that.
    package var total: Int64? { ended.map { $0 - begun } }

    // MARK: edges

    mutating func begin(chunkSize: Int, queued: Int64, at time: Int64) {
        (begun, requested) = (time, time)
        counts.queuedTime = .nanoseconds(queued)
        counts.chunkSize = chunkSize
        counts.chunkSizeMin = chunkSize
        counts.chunkSizeMax = chunkSize
    }

    mutating func described(at time: Int64) -> Int64 {
        counts.timeToDescription = .nanoseconds(time - begun)
        return time - begun
    }

    /// A chunk that its consumer has done with; times in nanoseconds.
    package struct ConsumedChunk: Hashable, Sendable {
        /// Its rows.
        package let rows: Int
        /// Their bytes.
        package let bytes: Int
        /// From asking for it until the next one is asked for, but for what was waited aside.
        package let time: Int64
        /// The part of that since it was handed out.
        package let consuming: Int64
    }

    mutating func requested(at time: Int64) -> ConsumedChunk? {
        let asked = requested
        (requested, isRequested, aside) = (time, true, 0)
        guard let last, let delivered else { return nil }
        return ConsumedChunk(
            rows: last.rows, bytes: last.bytes, time: time - asked - lastAside, consuming: time - delivered)
    }

    /// What is known of a chunk as it is handed out; times in nanoseconds.
    package struct Delivery: Hashable, Sendable {
        /// The chunk's number, counted from zero.
        package let number: Int
        /// The rows that were left by the chunk before.
        package let rowsLeftBefore: Int
        /// When it is handed out.
        package let time: Int64
        /// The time since the query was sent.
        package let sinceSent: Int64
        /// How long the server was waited for.
        package let waiting: Int64
        /// Whether the stream was left meanwhile.
        package let isLeft: Bool
    }

    /// - Parameter time: nil where the rows were in hand when they were asked for.
    mutating func delivered(_ chunk: StreamChunk, at time: Int64?, isLeft: Bool) -> Delivery {
        let time = time ?? requested
        endAside(at: time)
        let waiting = waitingNow(time)
        let delivery = Delivery(
            number: counts.chunks, rowsLeftBefore: rowsLeft, time: time, sinceSent: time - begun, waiting: waiting,
            isLeft: isLeft)
        if let delivered {
            consuming += requested - delivered
        } else {
            counts.timeToFirstRow = .nanoseconds(time - begun)
        }
        self.waiting += waiting
        (lastAside, aside) = (aside, 0)
        (last, delivered, isRequested) = (chunk, time, false)
        counts.rows += chunk.rows
        counts.bytes += chunk.bytes
        counts.chunks += 1
        counts.chunkSize = chunk.rowLimit
        counts.chunkSizeMin = min(counts.chunkSizeMin, chunk.rowLimit)
        counts.chunkSizeMax = max(counts.chunkSizeMax, chunk.rowLimit)
        counts.chunkSizeAdjustments = chunk.adjustments
        return delivery
    }

    mutating func end(at time: Int64) {
        endAside(at: time)
        if isRequested { waiting += waitingNow(time) }
        if let delivered { consuming += (isRequested ? requested : time) - delivered }
        ended = time
    }

    private func waitingNow(_ time: Int64) -> Int64 { max(time - requested - aside, 0) }

    // MARK: between them

    mutating func beginAside(at time: Int64) { asideSince = asideSince ?? time }

    /// Returns how long it lasted.
    @discardableResult
    mutating func endAside(at time: Int64) -> Int64 {
        guard let since = asideSince.take() else { return 0 }
        aside += time - since
        return time - since
    }

    mutating func crossedSoftLimit() { counts.softLimitCrossings += 1 }

    mutating func gathered() { counts.gatheredReads += 1 }

    mutating func filtered(_ count: Int) { counts.filteredRows += count }

    mutating func peaked(at bytes: Int) { counts.peakBytes = bytes }

    // MARK: looking

    /// What the stream has done so far, but for its memory, its pauses and where it stands.
    func statistics(at time: Int64) -> StreamStatistics {
        var statistics = counts
        statistics.waitingForServer = .nanoseconds(waiting)
        statistics.waitingForConsumer = .nanoseconds(consuming)
        statistics.totalTime = .nanoseconds((ended ?? time) - begun)
        return statistics
    }

    /// Where a query stands that is neither over nor paused. Beyond `stallNanoseconds` since the last edge it stalls.
    func phase(at time: Int64, stallNanoseconds: Int64) -> QueryPhase {
        guard let delivered else { return counts.timeToDescription == nil ? .sent : .serverExecuting }
        guard time - (isRequested ? requested : delivered) <= stallNanoseconds else {
            return isRequested ? .stalledOnServer : .stalledOnConsumer
        }
        return counts.chunks == 1 ? .firstRow : .streaming
    }
}
