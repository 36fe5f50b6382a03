/// How often, and for how long, a transaction is run again.
public struct RetryPolicy: Hashable, Sendable {
    /// The most attempts, the first one included. 20 by default.
    public var attemptsMax = 20
    /// The time for the whole call; nil for no limit. 30 seconds by default.
    ///
    /// It bounds every wait: for a connection, for statements, for the pauses in between and for what became of a commit.
    /// A statement that runs into it fails with `queryTimedOut`, and the transaction is rolled back. After it the call
    /// takes the configuration's `cleanUpTimeout` at most, for rolling back or for the answer to a COMMIT that is under
    /// way. What `body` does besides its statements is not interrupted.
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
    /// The time for all attempts; nil where it has no limit.
    let time: TimeAllowed?
    /// The attempts that were begun.
    private(set) var attempt = 0
    /// The pauses so far, those included in which only a commit's outcome was asked for.
    private var pauseCount = 0

    init(_ policy: RetryPolicy) {
        self.policy = policy
        time = policy.timeout.map(TimeAllowed.init)
    }

    mutating func beginAttempt() -> Int {
        attempt += 1
        return attempt
    }

    /// Whether another attempt may begin.
    var isAllowed: Bool { attempt < max(policy.attemptsMax, 1) && isInTime }

    /// Whether there is time left.
    var isInTime: Bool { pauseCount < Self.pausesMax && !(time?.isOver ?? false) }

    private static let pausesMax = 10_000

    /// Waits before the next attempt.
    ///
    /// - Throws: `cancelled`.
    nonisolated(nonsending) mutating func pause() async throws(PostgresError) {
        let longest = min(policy.pauseMin * (1 << min(pauseCount, Self.doublingsMax)), policy.pauseMax)
        pauseCount += 1
        let pause = max(longest, .zero) * Double.random(in: 0...1)
        do {
            try await Task.sleep(for: time.map { min(pause, $0.left) } ?? pause)
        } catch {
            throw PostgresError(.cancelled, "the task was cancelled before a transaction was run again")
        }
    }

    private static let doublingsMax = 20
}

extension PostgresError {
    /// Whether a transaction that met this error before its COMMIT may fare better when it is run again on the same
    /// connection.
    var isTransient: Bool {
        sqlState == .serializationFailure || sqlState == .deadlockDetected || code == .statementOutdated
            || code == .queryTimedOut
    }

    /// Whether it says that a connection was lost while it was in use, or that an answer did not come in time.
    var isLossOrTimeOut: Bool {
        code == .connectionLost || code == .sessionEndedByServer || code == .queryTimedOut
    }

    /// Whether it may fare better on another connection: the one it had is gone, or none came about.
    var isLoss: Bool {
        switch code {
        case .connectionLost, .sessionEndedByServer: true
        default: isPassingFailureToConnect
        }
    }
}
