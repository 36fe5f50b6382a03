/// How often, and for how long, a transaction is run again.
public struct RetryPolicy: Hashable, Sendable {
    /// The most attempts, the first one included. 20 by default.
    public var attemptsMax = 20
    /// The time after which no further attempt begins; nil for no limit. 30 seconds by default.
    public var timeout: Duration? = .seconds(30)
    /// The longest pause behind the first attempt; doubled with each. Every pause is a random part of it, so that those
    /// who met in a conflict do not meet again. 5 milliseconds by default.
    public var pauseMin = Duration.milliseconds(5)
    /// What doubling ends at. One second by default.
    public var pauseMax = Duration.seconds(1)

    /// Creates the default policy.
    public init() {}

    /// Creates a policy and changes it.
    public init(_ change: (inout RetryPolicy) -> Void) {
        self.init()
        change(&self)
    }
}

/// The attempts at one transaction so far.
struct RetryProgress {
    private let policy: RetryPolicy
    private let begun = ContinuousClock.now
    /// The attempts that were begun.
    private(set) var attempt = 0
    /// The pauses so far, those included in which only a commit's outcome was asked for.
    private var pauseCount = 0

    init(_ policy: RetryPolicy) { self.policy = policy }

    mutating func beginAttempt() -> Int {
        attempt += 1
        return attempt
    }

    /// Whether another attempt may begin.
    var isAllowed: Bool { attempt < max(policy.attemptsMax, 1) && isInTime }

    /// Whether there is time left.
    var isInTime: Bool {
        pauseCount < Self.pausesMax && policy.timeout.map { begun.duration(to: .now) < $0 } ?? true
    }

    private static let pausesMax = 10_000

    /// Waits before the next attempt.
    ///
    /// - Throws: `cancelled`.
    nonisolated(nonsending) mutating func pause() async throws(PostgresError) {
        let longest = min(policy.pauseMin * (1 << min(pauseCount, Self.doublingsMax)), policy.pauseMax)
        pauseCount += 1
        var time = max(longest, .zero) * Double.random(in: 0...1)
        if let timeout = policy.timeout { time = min(time, max(timeout - begun.duration(to: .now), .zero)) }
        do {
            try await Task.sleep(for: time)
        } catch {
            throw PostgresError(.cancelled, "the task was cancelled before a transaction was run again")
        }
    }

    private static let doublingsMax = 20
}

extension PostgresError {
    /// Whether a transaction that met this error may fare better when it is run again on the same connection.
    var isTransient: Bool {
        sqlState == .serializationFailure || sqlState == .deadlockDetected || code == .statementOutdated
    }

    /// Whether it may fare better on another connection: the one it had is gone, or none came about.
    var isLoss: Bool {
        switch code {
        case .connectionLost, .sessionEndedByServer, .connectFailed, .connectTimedOut, .hostNotFound,
            .targetSessionMismatch:
            true
        case .connectRefusedByServer: isRetrySafe
        default: false
        }
    }
}
