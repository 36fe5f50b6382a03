import PostgresTransport

/// What becomes of one stream, decided without doing it: events go in, answers and effects come out.
///
/// It has no clock, lock, task or connection: time comes with the events. `StreamControl` has the only one of a stream,
/// under the stream's only lock, and carries out the effects after letting go of that. Events come per chunk and per
/// pause, never per row. After every event this holds: the stream has ended once at most, and has delivered nothing since;
/// its books tell what was delivered; and a fetch is held only by a pause or a lack of memory.
package struct StreamStateMachine: Sendable {
    /// A time as pauses have it.
    package typealias Instant = MonotonicTime

    /// Where a stream stands between its consumer and its query.
    package enum Phase: Hashable, Sendable {
        /// The query was sent. Rows were not asked for yet.
        case begun
        /// Rows were asked for: a fetch is in progress.
        case requested
        /// The consumer has what it asked for.
        case delivered
        /// A fetch is in progress that drops the rest.
        case dropping
        /// The stream was left while a fetch was in progress, and ends when that returns.
        case left
        case ended(StreamState)
    }

    /// What a fetch waits for besides the server.
    package enum Hold: Hashable, Sendable {
        /// The end of a pause.
        case paused
        /// Memory.
        case throttled
    }

    /// Where the stream stands.
    package private(set) var phase = Phase.begun
    /// What the reader waits for besides the server; nil where it may read.
    package private(set) var hold: Hold?
    /// Rows, bytes and waits.
    package private(set) var ledger = StreamLedger()
    private var pauses = StreamPauses()
    /// What the stream was left for, or failed with.
    private var failure: StreamFailure?
    /// Whether the next of several results was asked for while this one was not at its end.
    private var isOvertaken = false
    private var effects = StreamEffects()

    /// A stream of which nothing is known yet.
    package init() {}

    // MARK: the query

    /// The query is sent.
    ///
    /// - Parameters:
    ///   - chunkSize: the most rows of a chunk, to begin with.
    ///   - queued: how long the query waited for the connection, in nanoseconds.
    ///   - time: now, in nanoseconds, as in all events.
    package mutating func begin(chunkSize: Int, queued: Int64, at time: Int64) {
        ledger.begin(chunkSize: chunkSize, queued: queued, at: time)
    }

    /// The server has described the rows, or has run what has none.
    ///
    /// - Returns: the time since the query was sent.
    package mutating func described(at time: Int64) -> Int64 { ledger.described(at: time) }

    // MARK: chunks

    /// The answer to a consumer that asks for rows.
    package enum Request: Hashable, Sendable {
        /// They are to be fetched, and the chunk before is consumed; nil before the first.
        case fetch(consumed: StreamLedger.ConsumedChunk?)
        /// There are no more.
        case atEnd
        /// Another call is fetching.
        case busy
        /// The next result was asked for, and this one is over.
        case overtaken
        /// What the stream belonged to is over.
        case cutOff
    }

    /// The consumer asks for rows.
    ///
    /// - Parameter isCutOff: whether what the stream belonged to is over.
    package mutating func requested(isCutOff: Bool = false, at time: Int64) -> Request {
        if case .ended = phase { return isOvertaken ? .overtaken : .atEnd }
        guard !isFetching else { return .busy }
        guard !isCutOff else { return .cutOff }
        phase = .requested
        return .fetch(consumed: ledger.requested(at: time))
    }

    /// The fetch returns with rows, which are handed out. Of a stream that was left meanwhile they are the last:
    /// `fetchReturned` has to follow, and ends it.
    ///
    /// - Parameter time: nil where the rows were in hand when they were asked for.
    /// - Returns: what is known of the chunk; nil where rows were not asked for, and nothing is handed out.
    package mutating func delivered(_ chunk: StreamChunk, at time: Int64?) -> StreamLedger.Delivery? {
        switch phase {
        case .requested:
            (phase, hold) = (.delivered, nil)
            return ledger.delivered(chunk, at: time, isLeft: false)
        case .left where ledger.isRequested:
            hold = nil
            return ledger.delivered(chunk, at: time, isLeft: true)
        case .left, .begun, .delivered, .dropping, .ended: return nil
        }
    }

    /// The rest is to be read and dropped.
    ///
    /// - Returns: false where the stream is over or is being fetched.
    package mutating func dropRest() -> Bool {
        guard isAwaitingConsumer else { return false }
        phase = .dropping
        return true
    }

    /// The fetch returns without rows.
    ///
    /// - Returns: whether the query is to be left now, because the stream was left meanwhile. It is over then.
    package mutating func fetchReturned(now: Instant, at time: Int64) -> Bool {
        if case .left = phase { return end(.cancelled, failure, now: now, at: time) }
        guard isFetching else { return false }
        ledger.endAside(at: time)
        (phase, hold) = (.delivered, nil)
        return false
    }

    // MARK: before a read

    /// Asks whether the reader may read. A pause whose time is over ends by that.
    package mutating func permission(now: Instant, at time: Int64) -> StreamPauses.Permission {
        if hold != nil { goOn(at: time) }
        let permission = pauses.permission(now: now)
        if case .hold = permission { hold(.paused, at: time) }
        return permission
    }

    /// The reader waits for memory, until it asks for permission again.
    ///
    /// - Parameter isCrossing: whether the soft limit is crossed by that.
    package mutating func throttled(isCrossing: Bool, at time: Int64) {
        if isCrossing { ledger.crossedSoftLimit() }
        hold(.throttled, at: time)
    }

    private mutating func hold(_ hold: Hold, at time: Int64) {
        guard !hasEnded else { return }
        self.hold = hold
        ledger.beginAside(at: time)
    }

    private mutating func goOn(at time: Int64) {
        let waited = ledger.endAside(at: time)
        if hold == .throttled { effects.waitedForMemory = waited }
        hold = nil
    }

    /// Bytes could be left to gather.
    ///
    /// - Returns: whether they are, which they are not before the first chunk.
    package mutating func gathers() -> Bool {
        guard ledger.chunks > 0 else { return false }
        ledger.gathered()
        return true
    }

    // MARK: pauses

    /// Pauses the stream, or gives its pause a new reason, deadline and outcome.
    ///
    /// - Returns: Whether the stream is paused now, and whether it was not before; neither if it is at its end.
    package mutating func pause(
        reason: String?, until deadline: Instant?, then outcome: PauseOutcome, now: Instant
    ) -> (isPaused: Bool, isNew: Bool) {
        guard !hasEnded else { return (false, false) }
        return (true, pauses.pause(reason: reason, until: deadline, then: outcome, now: now))
    }

    /// Lets a paused stream go on.
    package mutating func resume(now: Instant) { pauses.resume(now: now) }

    // MARK: the end

    /// The stream is over: its query has ended, or is no longer its own. The first end stays.
    ///
    /// - Returns: whether this was the first.
    package mutating func end(
        _ outcome: StreamState, _ failure: StreamFailure? = nil, now: Instant, at time: Int64
    ) -> Bool {
        guard !hasEnded else { return false }
        pauses.end(now: now)
        ledger.end(at: time)
        (phase, hold, self.failure) = (.ended(outcome), nil, failure)
        effects.hasEnded = true
        return true
    }

    /// The consumer leaves the stream. While a fetch is in progress nothing else may touch the query, which is then left
    /// when that returns.
    ///
    /// - Returns: whether the query is to be left now. The stream is over then.
    package mutating func leave(
        _ outcome: StreamState = .cancelled, _ failure: StreamFailure? = nil, now: Instant, at time: Int64
    ) -> Bool {
        guard isFetching else { return end(outcome, failure, now: now, at: time) }
        self.failure = failure ?? self.failure
        phase = .left
        return false
    }

    /// The next of several results is asked for, and this one is over.
    ///
    /// - Returns: false where it was over before.
    package mutating func overtaken(now: Instant, at time: Int64) -> Bool {
        guard end(.cancelled, now: now, at: time) else { return false }
        isOvertaken = true
        return true
    }

    // MARK: effects

    /// Whether the last event has effects.
    package var hasEffects: Bool {
        pauses.endedPause != nil || effects.waitedForMemory != nil || effects.hasEnded
    }

    /// Hands out the effects of the last event.
    ///
    /// - Parameter peakBytes: the most memory that the stream took so far, which stays with the books of one that is over.
    package mutating func takeEffects(peakBytes: Int) -> StreamEffects {
        effects.endedPause = pauses.takeEndedPause()
        if effects.hasEnded { ledger.peaked(at: peakBytes) }
        defer { effects = StreamEffects() }
        return effects
    }

    /// Counts rows that a predicate kept back.
    package mutating func filtered(_ count: Int) { ledger.filtered(count) }

    // MARK: looking

    /// Whether the stream is over.
    package var hasEnded: Bool { if case .ended = phase { true } else { false } }

    /// How the stream ended; nil while it has not.
    package var end: StreamEnd? {
        guard case .ended(let outcome) = phase else { return nil }
        return StreamEnd(outcome: outcome, failure: failure, ledger: ledger)
    }

    /// Whether a fetch is in progress.
    package var isFetching: Bool {
        switch phase {
        case .requested, .dropping, .left: true
        case .begun, .delivered, .ended: false
        }
    }

    /// Whether the stream is neither over nor being fetched.
    package var isAwaitingConsumer: Bool { !hasEnded && !isFetching }

    /// Whether there is a pause, be its time over or not.
    package var isPaused: Bool { pauses.isPaused }

    /// How long the pauses that are over lasted.
    package var pausedTime: Duration { pauses.pausedTime }

    /// Where the stream stands for those who steer it.
    package mutating func state(now: Instant) -> StreamState {
        pauses.settle(now)
        if case .ended(let outcome) = phase { return outcome }
        return pauses.state
    }

    /// What the stream has done so far, but for its memory while it goes on.
    ///
    /// - Parameter stallNanoseconds: a wait that lasts longer is a stall.
    package mutating func statistics(now: Instant, at time: Int64, stallNanoseconds: Int64) -> StreamStatistics {
        let state = state(now: now)
        var statistics = ledger.statistics(at: time)
        statistics.pausedTime = pauses.totalPausedTime(now: now)
        switch state {
        case .running: statistics.phase = ledger.phase(at: time, stallNanoseconds: stallNanoseconds)
        case .paused: statistics.phase = .paused
        case .completed, .failed, .cancelled: statistics.phase = .done
        }
        return statistics
    }
}
