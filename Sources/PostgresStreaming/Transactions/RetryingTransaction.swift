/// A transaction that is run until it is committed or its attempts are used up, on one connection after the other.
struct RetryingTransaction<Result> {
    private let options: TransactionOptions
    private var progress: RetryProgress
    /// What an attempt returned whose commit is unknown, and the error that says so.
    private var unknown: (result: Result, error: PostgresError)?

    init(_ options: TransactionOptions, _ policy: RetryPolicy) {
        self.options = options
        progress = RetryProgress(policy)
    }

    /// The error of a commit whose outcome is not known; nil where there is none.
    var lostCommit: PostgresError? { unknown?.error }

    /// The time that is left; nil where it has no limit.
    var timeLeft: Duration? { progress.time?.left }

    /// Whether another connection may be tried.
    var mayGoOn: Bool { unknown == nil ? progress.isAllowed : progress.isInTime }

    /// No connection came about; that counts as an attempt.
    mutating func noteFailedConnection() { _ = progress.beginAttempt() }

    /// Waits before the next attempt.
    nonisolated(nonsending) mutating func pause() async throws {
        do throws(PostgresError) {
            try await progress.pause()
        } catch {
            throw lostCommit ?? error
        }
    }

    /// Runs attempts for as long as the connection is good for them.
    ///
    /// - Returns: how the last attempt ended; nil where another connection has to go on.
    nonisolated(nonsending) mutating func run<Failure: Error>(
        on connection: PostgresConnection,
        _ body: nonisolated(nonsending) (inout PostgresTransaction) async throws(Failure) -> Result
    ) async -> Swift.Result<Result, any Error>? {
        while true {
            do {
                if let settled = try await settle(on: connection) { return settled }
                let attempt = progress.beginAttempt()
                switch await connection.transact(options, attempt: attempt, within: progress.time, body) {
                case .committed(let result): return .success(result)
                case .unknown(let result, let error):
                    unknown = (result, error)
                    return nil
                case .rolledBack(let error, let failure):
                    // The body may have made another error of what a statement met.
                    let causes = [failure, error as? PostgresError].compactMap(\.self)
                    let isLost = causes.contains(where: \.isLoss)
                    guard isLost || causes.contains(where: \.isTransient), progress.isAllowed, !Task.isCancelled else {
                        return .failure(error)
                    }
                    if isLost || !connection.gate.isUsable { return nil }
                    try await progress.pause()
                }
            } catch {
                if let error = error as? PostgresError, error.isLoss, mayGoOn { return nil }
                return .failure(lostCommit ?? error)
            }
        }
    }

    /// Finds out what became of a commit.
    ///
    /// - Returns: the end, if there was one that committed; nil where the transaction is to be run.
    private nonisolated(nonsending) mutating func settle(
        on connection: PostgresConnection
    ) async throws -> Swift.Result<Result, any Error>? {
        while let (result, error) = unknown {
            guard let transactionID = error.transactionID else {
                guard options.access == .readOnly else { throw error }
                unknown = nil
                break
            }
            switch try await connection.outcome(of: transactionID, within: progress.time) {
            case .committed: return .success(result)
            case .aborted:
                unknown = nil
                guard progress.isAllowed else { throw PostgresError.commitAborted }
            case .unknown: throw error
            case .inProgress:
                guard progress.isInTime else { throw error }
                try await progress.pause()
            }
        }
        return nil
    }
}

extension PostgresError {
    /// The error of the last attempt at a transaction, whose commit was lost and had no effect.
    fileprivate static var commitAborted: PostgresError {
        PostgresError(
            .connectionLost, "connection lost during the commit, which had no effect", isConnectionUsable: false)
    }
}
