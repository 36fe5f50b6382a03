/// Where a stream stands.
public enum StreamState: Hashable, Sendable {
    /// Rows are read when they are asked for.
    case running
    /// Nothing is read until `resume`; the reason is the one that was given.
    case paused(reason: String?)
    /// The result was read to its end.
    case completed
    /// The query failed, on the server or here.
    case failed
    /// The stream was left before its end, or its task was cancelled.
    case cancelled
}

/// What happens to a stream that is still paused when its time is over.
public enum PauseOutcome: Hashable, Sendable {
    /// It goes on.
    case resume
    /// It fails with `pauseTimedOut`, and the query is cancelled.
    case fail
}

/// What a stream has done so far.
public struct StreamStatistics: Hashable, Sendable {
    /// The rows handed out.
    public package(set) var rows = 0
    /// Their bytes as they came over the wire, headers included.
    public package(set) var bytes = 0
    /// The rows that a predicate on top of the stream kept back; they are part of `rows`. A stream by itself keeps none
    /// back.
    public package(set) var filteredRows = 0
    /// The chunks handed out.
    public package(set) var chunks = 0
    /// The most rows that a chunk may have at present, and the least and most that was so far.
    public package(set) var chunkSize = 0
    /// The smallest that `chunkSize` was.
    public package(set) var chunkSizeMin = 0
    /// The largest that `chunkSize` was.
    public package(set) var chunkSizeMax = 0
    /// How often `chunkSize` was changed.
    public package(set) var chunkSizeAdjustments = 0
    /// How often bytes were left to gather before they were read.
    public package(set) var gatheredReads = 0
    /// The bytes of the connection's receive buffers, those of kept rows included.
    public package(set) var bufferedBytes = 0
    /// The most that `bufferedBytes` was while this stream ran.
    public package(set) var peakBytes = 0
    /// How often `memorySoftMax` was crossed.
    public package(set) var softLimitCrossings = 0
    /// Where the query stands: `sent` or later.
    public package(set) var phase = QueryPhase.sent
    /// The time that the query waited for the connection to be free, before it was sent.
    public package(set) var queuedTime = Duration.zero
    /// The time since the query was sent, or from then to its end.
    public package(set) var totalTime = Duration.zero
    /// From sending the query to the description of its rows, or to its end where it has none; nil before that.
    public package(set) var timeToDescription: Duration?
    /// From sending the query to its first row; nil before there is one.
    public package(set) var timeToFirstRow: Duration?
    /// The time in which the consumer waited for rows.
    public package(set) var waitingForServer = Duration.zero
    /// The time in which rows, or the server, waited for the consumer.
    public package(set) var waitingForConsumer = Duration.zero
    /// The time in which the stream was paused.
    public package(set) var pausedTime = Duration.zero

    /// Nothing yet.
    package init() {}
}
