/// The pauses between attempts to connect while they fail.
struct PoolBackoff {
    private let pauseMin: Duration
    private let pauseMax: Duration
    private var failureCount = 0
    private var end: ContinuousClock.Instant?
    private var isScheduled = false
    /// What the last attempt met; nil where it succeeded.
    private(set) var lastError: PostgresError?

    init(_ configuration: PostgresPoolConfiguration) {
        pauseMin = configuration.backoffMin
        pauseMax = configuration.backoffMax
    }

    var hasFailed: Bool { failureCount > 0 }

    func isOver(_ now: ContinuousClock.Instant) -> Bool { end.map { $0 <= now } ?? true }

    mutating func note(_ error: PostgresError, jitter: Double, now: ContinuousClock.Instant) {
        let longest = min(pauseMin * (1 << min(failureCount, Self.doublingsMax)), pauseMax)
        failureCount += 1
        lastError = error
        end = now + longest * (1 - jitter / 2)
    }

    private static let doublingsMax = 20

    /// An attempt succeeded.
    mutating func reset() {
        failureCount = 0
        end = nil
        lastError = nil
    }

    /// The error that every further attempt would meet as well, as long as the pause lasts.
    func lasting(_ now: ContinuousClock.Instant) -> PostgresError? {
        guard let lastError, lastError.isLasting, !isOver(now) else { return nil }
        return lastError
    }

    /// When to try again; nil where that is arranged already.
    mutating func timeToSchedule() -> ContinuousClock.Instant? {
        guard !isScheduled else { return nil }
        isScheduled = true
        return end
    }

    mutating func noteRetry() { isScheduled = false }
}

extension PostgresError {
    /// Whether another attempt to connect would meet the same: the password is wrong, there is no such database.
    ///
    /// What depends on the network or on how busy servers are does not last.
    fileprivate var isLasting: Bool {
        switch code {
        case .hostNotFound, .connectFailed, .connectTimedOut, .passwordUnavailable, .connectionLost, .cancelled,
            .sessionEndedByServer, .connectionClosed, .targetSessionMismatch:
            false
        case .connectRefusedByServer, .server: !isRetrySafe
        default: true
        }
    }
}
