import PostgresTransport

/// The pauses between attempts to connect while they fail.
struct PoolBackoff {
    private let pauseMin: Duration
    private let pauseMax: Duration
    private let answeredPauseMax: Duration
    private var failureCount = 0
    /// The pauses so far; attempts of one round fail for one reason, which counts once.
    private(set) var round = 0
    private var end: MonotonicTime?
    private var isScheduled = false
    /// What the last attempt met; nil where it succeeded.
    private(set) var lastError: PostgresError?

    init(_ configuration: PostgresPoolConfiguration) {
        pauseMin = configuration.backoffMin
        pauseMax = configuration.backoffMax
        answeredPauseMax = min(configuration.answeredBackoffMax, configuration.backoffMax)
    }

    var hasFailed: Bool { failureCount > 0 }

    func isOver(_ now: MonotonicTime) -> Bool { end.map { $0 <= now } ?? true }

    /// An attempt failed that was begun in `round`.
    mutating func note(_ error: PostgresError, of round: Int, jitter: Double, now: MonotonicTime) {
        lastError = error
        guard round == self.round else { return }
        let pauseMax = error.isAnswered ? answeredPauseMax : pauseMax
        let longest = min(pauseMin * (1 << min(failureCount, Self.doublingsMax)), pauseMax)
        failureCount += 1
        self.round += 1
        end = now + longest * (1 - jitter / 2)
    }

    private static let doublingsMax = 20

    /// An attempt succeeded.
    mutating func reset() {
        round += 1
        failureCount = 0
        end = nil
        lastError = nil
    }

    /// The error that every further attempt would meet as well, as long as the pause lasts.
    func lasting(_ now: MonotonicTime) -> PostgresError? {
        guard let lastError, lastError.isLasting, !isOver(now) else { return nil }
        return lastError
    }

    /// When to try again; nil where that is arranged already.
    mutating func timeToSchedule() -> MonotonicTime? {
        guard !isScheduled else { return nil }
        isScheduled = true
        return end
    }

    mutating func noteRetry() { isScheduled = false }
}
