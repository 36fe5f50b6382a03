/// Whether a stream may read: what pauses, their time limits and the stream's end lead to. Pure: time comes with the events.
package struct StreamPauses: Sendable {
    struct Pause {
        var reason: String?
        let since: ContinuousClock.Instant
        var deadline: ContinuousClock.Instant?
        var outcome: PauseOutcome
    }

    struct EndedPause {
        let time: Duration
        let hasExpired: Bool
        let goesOn: Bool
    }

    private(set) var pause: Pause?
    /// How the stream ended; nil while it has not.
    package private(set) var end: StreamState?
    /// How long the pauses that are over lasted.
    package private(set) var pausedTime = Duration.zero
    /// Pauses that have ended and of which the observer was not told.
    private var endedPauses: [EndedPause] = []

    /// A stream that runs.
    package init() {}

    /// Where the stream stands.
    package var state: StreamState { end ?? pause.map { .paused(reason: $0.reason) } ?? .running }

    /// Whether there is a pause, be its time over or not.
    package var isPaused: Bool { pause != nil }

    /// What a reader may do.
    package enum Permission: Hashable, Sendable {
        case read
        /// Nothing is read for now; nil where only `resume` ends that.
        case hold(until: ContinuousClock.Instant?)
        /// The pause lasted for longer than allowed, and is to end so.
        case fail
    }

    /// Pauses the stream, or gives its pause a new reason, deadline and outcome.
    ///
    /// - Returns: Whether the stream is paused now, and whether it was not before; neither if it is at its end.
    package mutating func pause(
        reason: String?, until deadline: ContinuousClock.Instant?, then outcome: PauseOutcome,
        now: ContinuousClock.Instant
    ) -> (isPaused: Bool, isNew: Bool) {
        settle(now)
        guard end == nil else { return (false, false) }
        let isNew = pause == nil
        pause = Pause(reason: reason, since: pause?.since ?? now, deadline: deadline, outcome: outcome)
        return (true, isNew)
    }

    /// Lets a paused stream go on.
    package mutating func resume(now: ContinuousClock.Instant) {
        settle(now)
        endPause(now)
    }

    /// Asks what a reader may do. A pause whose time is over ends by that, in one way or the other.
    package mutating func permission(now: ContinuousClock.Instant) -> Permission {
        settle(now)
        guard let pause else { return .read }
        guard let deadline = pause.deadline, deadline <= now else { return .hold(until: pause.deadline) }
        endPause(now, hasExpired: true, isFailing: true)
        return .fail
    }

    /// Ends a pause whose time is over, if the stream was to go on then.
    package mutating func settle(_ now: ContinuousClock.Instant) {
        guard let pause, let deadline = pause.deadline, now >= deadline, pause.outcome == .resume else { return }
        endPause(deadline, hasExpired: true)
    }

    /// The stream is over, and any pause with it; the first end stays.
    ///
    /// - Returns: Whether this was the first.
    @discardableResult
    package mutating func end(_ state: StreamState, now: ContinuousClock.Instant) -> Bool {
        guard end == nil else { return false }
        settle(now)
        end = state
        endPause(now)
        return true
    }

    private mutating func endPause(
        _ now: ContinuousClock.Instant, hasExpired: Bool = false, isFailing: Bool = false
    ) {
        guard let pause else { return }
        let time = pause.since.duration(to: max(now, pause.since))
        pausedTime += time
        endedPauses.append(EndedPause(time: time, hasExpired: hasExpired, goesOn: end == nil && !isFailing))
        self.pause = nil
    }

    /// Hands out the pauses that have ended since the last call.
    mutating func takeEndedPauses() -> [EndedPause] {
        defer { endedPauses.removeAll() }
        return endedPauses
    }

    /// How long the stream has been paused, the present pause included.
    func totalPausedTime(now: ContinuousClock.Instant) -> Duration {
        pausedTime + (pause.map { $0.since.duration(to: now) } ?? .zero)
    }
}
