import PostgresTransport
import PostgresWire

extension ConnectionDriver {
    /// Asks for a lock. Nothing of it is said if it cannot be said whole.
    func start(_ attempt: AdvisoryLockAttempt) throws(PostgresError) { try startAsking(attempt.query) }

    /// Reads the answer to an attempt; may be called again where waiting for it was given up.
    nonisolated(nonsending) func read(_ attempt: AdvisoryLockAttempt) async throws(PostgresError) {
        while !attempt.progress.withLock({ $0.isOver }) {
            switch try await advance() {
            case .rows(let rows):
                let isGranted = try isTrue(firstOf: rows)
                attempt.progress.withLock { $0.isGranted = isGranted }
            case .failed(let fields, _):
                let error = PostgresError(statement: fields, hasLeftTransaction: false)
                attempt.progress.withLock { progress in
                    progress.error = error
                    progress.isGranted = false
                }
            case .ready: attempt.progress.withLock { $0.isOver = true }
            default: break
            }
        }
    }

    /// Sees to it that an attempt which the caller gave up leaves no lock behind; where that cannot be done in time the
    /// connection is closed, and the server unlocks.
    ///
    /// - Parameter time: the time for all of it, which the caller keeps.
    nonisolated(nonsending) func giveUp(_ attempt: AdvisoryLockAttempt, within time: Duration) async {
        if failure == nil, !attempt.progress.withLock({ $0.isOver }) {
            // A request of which it is not known whether it has arrived could cancel what comes next.
            guard await isCancelRequested() else { return failToUnlock("the wait for it could not be cancelled") }
            try? await read(attempt)
        }
        guard failure == nil else { return }
        guard attempt.progress.withLock({ $0.isOver }) else {
            return failToUnlock("the server did not end the wait for it in time")
        }
        if attempt.mayBeGranted { _ = await unlock(attempt.lock.unlockingIfHeld, within: time) }
    }

    private nonisolated(nonsending) func isCancelRequested() async -> Bool {
        do throws(TransportError) {
            try await requestCancel()
            return true
        } catch {
            return false
        }
    }

    /// Gives a lock back, behind whatever its scope left open: streams and transaction blocks are ended first. Where that
    /// cannot be done in time the connection is closed, and the server unlocks.
    ///
    /// - Parameter time: the time for all of it, which the caller keeps.
    /// - Returns: whether the session held the lock.
    nonisolated(nonsending) func unlock(_ query: PostgresQuery, within time: Duration) async -> Bool {
        await leaveQuery(within: time)
        await rollBack()
        guard failure == nil else { return false }
        do throws(PostgresError) {
            try startAsking(query)
            return try await readTruth()
        } catch {
            failToUnlock(error.message)
            return false
        }
    }

    private func failToUnlock(_ reason: String) {
        fail(
            PostgresError(
                .connectionLost, "connection closed: an advisory lock could not be given back: \(reason)",
                isConnectionUsable: false))
    }

    /// Starts a query whose rows have one column, which comes as text.
    func startAsking(_ query: PostgresQuery) throws(PostgresError) {
        if let failure = query.failure { throw failure }
        running = nil
        var flight = ExtendedFlight()
        flight.parse(query.sql, parameterTypeOIDs: query.parameters.typeOIDs)
        flight.run(query.parameters, resultFormats: [.text], result: .rows(columnCount: 1))
        do throws(FrontendMessageError) { try session.start(flight) } catch { throw PostgresError(error) }
    }

    /// Reads whether a query had a row that says yes.
    private nonisolated(nonsending) func readTruth() async throws(PostgresError) -> Bool {
        var isTrue = false
        var failure: PostgresError?
        while true {
            switch try await advance() {
            case .rows(let rows): isTrue = try self.isTrue(firstOf: rows)
            case .failed(let fields, _): failure = PostgresError(statement: fields, hasLeftTransaction: false)
            case .ready:
                if let failure { throw failure }
                return isTrue
            default: break
            }
        }
    }

    private func isTrue(firstOf rows: Range<Int>) throws(PostgresError) -> Bool {
        try firstRow(of: rows, textColumns: "answer")?.decode(String.self) == "t"
    }
}
