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
        var continuation: UnsafeContinuation<WaitOutcome, Never>?
        /// What the parked task waits for.
        var awaited: Interest = []
        /// What was signalled while nobody waited for it.
        var marked: Interest = []
        /// Set by the cancellation handler of a task that was cancelled before it parked.
        var isCancelled = false
        var deadline: ContinuousClock.Instant?
        /// The earliest time at which the loop's timers call; later calls may follow and find nothing to do.
        var scheduled: ContinuousClock.Instant?

        /// Notes that the timers are to call at `deadline`, and returns whether they have to be told.
        mutating func schedule(_ deadline: ContinuousClock.Instant) -> Bool {
            if let scheduled, scheduled <= deadline { return false }
            scheduled = deadline
            return true
        }

        mutating func take() -> UnsafeContinuation<WaitOutcome, Never>? {
            defer {
                unsafe continuation = nil
                awaited = []
                deadline = nil
            }
            return unsafe continuation
        }
    }

    private let state = Locked(State())
    private let loop: EventLoop

    /// Creates a cell for a descriptor that `loop` watches.
    package init(loop: EventLoop) {
        self.loop = loop
    }

    /// Waits until the cell is signalled for one of `interest`, the deadline passes or the task is cancelled.
    ///
    /// The marks that answered the wait are consumed. Readiness may be stale: the caller tries and waits again.
    package nonisolated(nonsending) func wait(
        for interest: Interest, deadline: ContinuousClock.Instant? = nil
    ) async -> WaitOutcome {
        let outcome = await withTaskCancellationHandler {
            await unsafe withUnsafeContinuation { continuation in
                unsafe park(continuation, interest, deadline)
            }
        } onCancel: {
            cancel()
        }
        // The mark of a handler that ran before the task parked must not reach the next wait.
        state.withLock { $0.isCancelled = false }
        return outcome
    }

    private func park(
        _ continuation: UnsafeContinuation<WaitOutcome, Never>, _ interest: Interest,
        _ deadline: ContinuousClock.Instant?
    ) {
        enum Decision { case resume(WaitOutcome), park(schedule: Bool) }
        let decision = state.withLock { state -> Decision in
            precondition(unsafe state.continuation == nil, "one task waits on a descriptor at a time")
            if state.isCancelled { return .resume(.cancelled) }
            if !state.marked.isDisjoint(with: interest) {
                state.marked.subtract(interest)
                return .resume(.ready)
            }
            unsafe state.continuation = continuation
            state.awaited = interest
            state.deadline = deadline
            return .park(schedule: deadline.map { state.schedule($0) } ?? false)
        }
        switch decision {
        case .resume(let outcome): unsafe continuation.resume(returning: outcome)
        case .park(schedule: true): if let deadline { loop.schedule(self, at: deadline) }
        case .park(schedule: false): break
        }
    }

    /// Wakes the waiting task if it waits for one of `interest`, else leaves a mark.
    package func signal(_ interest: Interest) {
        let continuation = unsafe state.withLock { state -> UnsafeContinuation<WaitOutcome, Never>? in
            guard !state.awaited.isDisjoint(with: interest) else {
                state.marked.formUnion(interest)
                return nil
            }
            // What was not awaited stays a mark: the other direction's edge comes only once.
            state.marked.formUnion(interest.subtracting(state.awaited))
            return unsafe state.take()
        }
        unsafe continuation?.resume(returning: .ready)
    }

    private func cancel() {
        let continuation = unsafe state.withLock { state -> UnsafeContinuation<WaitOutcome, Never>? in
            guard let continuation = unsafe state.take() else {
                state.isCancelled = true
                return nil
            }
            return unsafe continuation
        }
        unsafe continuation?.resume(returning: .cancelled)
    }

    /// Whether the call that the loop's timers owe at that time is the next one.
    func isScheduled(at deadline: ContinuousClock.Instant) -> Bool { state.withLock { $0.scheduled == deadline } }

    /// Called by the loop's timers, with the time that was asked for. Returns when to call again.
    func expire(_ scheduled: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        var later: ContinuousClock.Instant?
        let continuation = unsafe state.withLock { state -> UnsafeContinuation<WaitOutcome, Never>? in
            if state.scheduled == scheduled { state.scheduled = nil }
            guard let deadline = state.deadline else { return nil }
            guard deadline > scheduled else { return unsafe state.take() }
            if state.schedule(deadline) { later = deadline }
            return nil
        }
        unsafe continuation?.resume(returning: .timedOut)
        return later
    }
}
