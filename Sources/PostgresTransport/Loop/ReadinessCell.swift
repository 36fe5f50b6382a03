/// How a wait ended.
package enum WaitOutcome: Sendable {
    case ready
    case timedOut
    case cancelled
}

/// Where one task waits for one descriptor, for a signal of another thread, or just for a while.
///
/// At most one task waits at a time. A signal that finds nobody waiting leaves a mark, so the wait that follows
/// returns at once; readiness can therefore never be lost between a read that found nothing and the wait.
package final class ReadinessCell: Sendable {
    @safe
    private struct State {
        var wait = ReadinessWait()
        /// The parked task's; there is one exactly while `wait.isParked`.
        var continuation: UnsafeContinuation<WaitOutcome, Never>?

        /// Hands out the continuation of a task that is to be resumed.
        mutating func take(_ isToBeResumed: Bool) -> UnsafeContinuation<WaitOutcome, Never>? {
            guard isToBeResumed else { return nil }
            defer { unsafe continuation = nil }
            return unsafe continuation
        }
    }

    private let state = Guarded(State())
    private let loop: EventLoop

    /// Creates a cell for a descriptor that `loop` watches.
    package init(loop: EventLoop) {
        self.loop = loop
    }

    /// Waits until the cell is signalled for one of `interest`, the deadline passes or the task is cancelled.
    ///
    /// The marks that answered the wait are consumed. Readiness may be stale: the caller tries and waits again.
    package nonisolated(nonsending) func wait(
        for interest: Interest, deadline: MonotonicTime? = nil
    ) async -> WaitOutcome {
        let outcome = await withTaskCancellationHandler {
            await unsafe withUnsafeContinuation { continuation in
                unsafe park(continuation, interest, deadline)
            }
        } onCancel: {
            cancel()
        }
        state.withLock { $0.wait.finish() }
        return outcome
    }

    private func park(
        _ continuation: UnsafeContinuation<WaitOutcome, Never>, _ interest: Interest,
        _ deadline: MonotonicTime?
    ) {
        let parking = state.withLock { state -> ReadinessWait.Parking in
            let parking = state.wait.park(interest, deadline: deadline)
            if case .parked = parking { unsafe state.continuation = continuation }
            return parking
        }
        switch parking {
        case .ended(let outcome): unsafe continuation.resume(returning: outcome)
        case .parked(isToBeScheduled: true): if let deadline { loop.schedule(self, at: deadline) }
        case .parked(isToBeScheduled: false): break
        }
    }

    /// Wakes the waiting task if it waits for one of `interest`, else leaves a mark.
    package func signal(_ interest: Interest) {
        let continuation = unsafe state.withLock { state in unsafe state.take(state.wait.signal(interest)) }
        unsafe continuation?.resume(returning: .ready)
    }

    private func cancel() {
        let continuation = unsafe state.withLock { state in unsafe state.take(state.wait.cancel()) }
        unsafe continuation?.resume(returning: .cancelled)
    }

    /// Whether the call that the loop's timers owe at that time is the next one.
    func isScheduled(at deadline: MonotonicTime) -> Bool {
        state.withLock { $0.wait.isScheduled(at: deadline) }
    }

    /// Called by the loop's timers, with the time that was asked for. Returns when to call again.
    func expire(_ scheduled: MonotonicTime) -> MonotonicTime? {
        var later: MonotonicTime?
        let continuation = unsafe state.withLock { state -> UnsafeContinuation<WaitOutcome, Never>? in
            let answer = state.wait.expire(scheduled)
            later = answer.later
            return unsafe state.take(answer.isOver)
        }
        unsafe continuation?.resume(returning: .timedOut)
        return later
    }
}
