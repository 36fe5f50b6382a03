/// Which statements of a pipeline stand or fall together.
public enum PipelineIsolation: Hashable, Sendable {
    /// One Sync ends them all: the first statement that fails undoes those before it and has those after it skipped. Outside
    /// of a transaction block they are one implicit transaction; inside of one a failure fails the block. The default.
    case allOrNothing
    /// A Sync follows each of them: outside of a transaction block each is a transaction of its own, and one that fails
    /// neither undoes nor skips another. Inside of a block a failure fails the block all the same.
    case perStatement
}

/// How much a pipeline keeps, and how long it may take.
public struct PipelineOptions: Hashable, Sendable {
    /// The bytes of receive buffers that may hold results that were not asked for yet. At this limit nothing more is sent,
    /// so that nothing more comes; awaiting a result for which more would have to be kept throws `memoryLimitExceeded`.
    public var receivedBytesMax = 16 << 20
    /// The bytes of statements that may wait to be sent, while results have reached `receivedBytesMax`. Beyond that queueing
    /// throws `memoryLimitExceeded`. As long as results are below their limit, queueing waits for the server instead.
    public var unsentBytesMax = 64 << 20
    /// The time for the whole pipeline, from its beginning to the answer to its last statement; nil: no limit. Then what
    /// waits throws `queryTimedOut`, and the pipeline is left. The configuration's `queryTimeout` is the time for each
    /// statement, from the answer to the one before it.
    public var timeout: Duration?

    /// The defaults.
    public init() {}

    /// The defaults, but for what `change` changes.
    public init(_ change: (inout PipelineOptions) -> Void) {
        change(&self)
    }
}

/// What became of a statement of a pipeline.
public enum PipelineOutcome: Hashable, Sendable {
    /// It ran, and stands: it is committed, or it is part of a transaction block that is open and has its fate.
    case tookEffect
    /// It failed, or another statement that it stands and falls with did. It has no effect.
    case undone
    /// The server passed it over, or it was never sent. It has no effect.
    case notRun
    /// The connection was lost before the answer to its Sync came: it may have taken effect, or not.
    case unknown
}
