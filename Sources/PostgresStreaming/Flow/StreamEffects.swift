/// What went wrong with a stream, as its consumer was told.
package struct StreamFailure: Sendable {
    /// What the consumer was told.
    package let error: PostgresError
    /// Whether a row did not become a value.
    package let isDecoding: Bool

    /// Takes note of a failure.
    package init(_ error: PostgresError, isDecoding: Bool = false) {
        self.error = error
        self.isDecoding = isDecoding
    }
}

/// How a stream ended.
package struct StreamEnd: Sendable {
    /// As `StreamControl.state` tells it.
    package let outcome: StreamState
    /// What the consumer was told; nil where nothing went wrong.
    package let failure: StreamFailure?
    /// The books as they were closed.
    package let ledger: StreamLedger
}

/// What follows from an event for others than the one who told it. The observer is told after the lock was let go of,
/// because that may take any time.
package struct StreamEffects: Sendable {
    /// A pause that is over.
    package var endedPause: StreamPauses.EndedPause?
    /// How long the reader waited for memory, in nanoseconds.
    package var waitedForMemory: Int64?
    /// The stream is over: `StreamStateMachine.end` says how. Comes once.
    package var hasEnded = false
}

extension StreamEnd {
    /// The end as it is recorded.
    var recorded: QueryEnd {
        var end = QueryEnd(isComplete: outcome == .completed, failure?.error, isDecoding: failure?.isDecoding ?? false)
        (end.rows, end.bytes, end.rowsLeft) = (ledger.rows, ledger.bytes, ledger.rowsLeft)
        end.total = ledger.total ?? 0
        (end.serverWait, end.consumerWait) = (ledger.waiting, ledger.consuming)
        return end
    }
}
