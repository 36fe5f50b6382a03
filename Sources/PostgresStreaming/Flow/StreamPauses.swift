import PostgresTransport

/// Whether a stream may read: what pauses and their time limits lead to. Pure: time comes with the events.
package struct StreamPauses: Sendable {
    private struct Pause {
        var reason: String?
        let since: MonotonicTime
        var deadline: MonotonicTime?
        var outcome: PauseOutcome
    }

    /// A pause that is over.
    package struct EndedPause: Hashable, Sendable {
        /// How long it lasted.
        package let time: Duration
        /// Whether it ended because its time was over.
        package let hasExpired: Bool
        /// Whether the stream goes on.
        package let goesOn: Bool
    }

    private var pause: Pause?
    /// How long the pauses that are over lasted.
    package private(set) var pausedTime = Duration.zero
    /// The pause that ended in the last event, until it is taken. No event ends more than one.
    private(set) var endedPause: EndedPause?

    /// A stream that runs.
    package init() {}

    /// Where a stream stands that is not at its end.
    package var state: StreamState { pause.map { .paused(reason: $0.reason) } ?? .running }

    /// Whether there is a pause, be its time over or not.
    package var isPaused: Bool { pause != nil }

    /// What a reader may do.
    package enum Permission: Hashable, Sendable {
        case read
        /// Nothing is read for now; nil where only `resume` ends that.
        case hold(until: MonotonicTime?)
        /// The pause lasted for longer than allowed, and is to end so.
        case fail
    }

    /// Pauses the stream, or gives its pause a new reason, deadline and outcome.
    ///
    /// - Returns: Whether the stream was not paused before.
    package mutating func pause(
        reason: String?, until deadline: MonotonicTime?, then outcome: PauseOutcome,
        now: MonotonicTime
    ) -> Bool {
        settle(now)
        let isNew = pause == nil
        pause = Pause(reason: reason, since: pause?.since ?? now, deadline: deadline, outcome: outcome)
        return isNew
    }

    /// Lets a paused stream go on.
    package mutating func resume(now: MonotonicTime) {
        settle(now)
        endPause(now)
    }

    /// Asks what a reader may do. A pause whose time is over ends by that, in one way or the other.
    package mutating func permission(now: MonotonicTime) -> Permission {
        settle(now)
        guard let pause else { return .read }
        guard let deadline = pause.deadline, deadline <= now else { return .hold(until: pause.deadline) }
        endPause(now, hasExpired: true, goesOn: false)
        return .fail
    }

    /// Ends a pause whose time is over, if the stream was to go on then.
    package mutating func settle(_ now: MonotonicTime) {
        guard let pause, let deadline = pause.deadline, now >= deadline, pause.outcome == .resume else { return }
        endPause(deadline, hasExpired: true)
    }

    /// The stream is over, and any pause with it.
    package mutating func end(now: MonotonicTime) {
        settle(now)
        endPause(now, goesOn: false)
    }

    private mutating func endPause(
        _ now: MonotonicTime, hasExpired: Bool = false, goesOn: Bool = true
    ) {
        guard let pause else { return }
        let time = pause.since.duration(to: max(now, pause.since))
        pausedTime += time
        endedPause = EndedPause(time: time, hasExpired: hasExpired, goesOn: goesOn)
        self.pause = nil
    }

    /// Hands out the pause that ended since the last call.
    mutating func takeEndedPause() -> EndedPause? { endedPause.take() }

    /// How long the stream has been paused, the present pause included.
    func totalPausedTime(now: MonotonicTime) -> Duration {
        pausedTime + (pause.map { $0.since.duration(to: now) } ?? .zero)
    }
}
