import PostgresTransport
import PostgresWire

extension ConnectionDriver {
    /// Whether nothing is under way: neither a query nor a transaction.
    var isClean: Bool { failure == nil && session.isIdle && session.transactionStatus == .idle }

    /// Takes in what the server said in the meantime, and says whether the connection lives as far as is known
    /// here. Costs a system call and waits for nothing. A server that sends without end, though nothing was asked, is given
    /// up.
    func isAliveByLooking() -> Bool {
        let start = channel.receivedBytes
        var end: MonotonicTime?
        do throws(PostgresError) {
            repeat {
                while let event = try nextEvent() { noteReset(event) }
                guard channel.receivedBytes > start else { continue }
                let limit = end ?? .now + Self.lookingTimeMax
                end = limit
                guard channel.receivedBytes - start <= Self.unaskedBytesMax, MonotonicTime.now <= limit else {
                    throw PostgresError(
                        .connectionLost, "connection closed: the server sends without end though nothing was asked",
                        isConnectionUsable: false)
                }
            } while try readOnce()
        } catch {
            if error.code == .connectionLost { fail(error) }
            // The calling task may have been cancelled, which says nothing about the connection.
        }
        return failure == nil
    }

    /// More than kernels hold back for an idle connection.
    private static let unaskedBytesMax = 16 << 20
    /// More than it takes to read that.
    private static let lookingTimeMax = Duration.milliseconds(250)

    /// Asks the server for an answer, and closes the connection where none comes in time.
    nonisolated(nonsending) func check(within limit: Duration) async {
        await perform(within: limit) { driver throws(PostgresError) in try await driver.run(commands: [""]) }
    }

    // MARK: reset

    /// Sends what gives the session back the state in which it began, and waits for nothing: `finishReset` reads the answer
    /// before the connection is used again.
    func startReset() {
        guard failure == nil else { return }
        do throws(PostgresError) {
            try takeUnasked()
            try say(runner.reset.begin(statements))
            flush()
        } catch {
            // What was not asked for has closed the connection already.
            fail(error)
        }
    }

    /// Takes in a part of its answer that is here already.
    private func noteReset(_ event: SessionEvent) {
        guard runner.reset.isUnderWay else { return }
        switch event {
        case .failed(let fields, _): runner.note(runner.error(fields))
        case .ready: runner.reset.end(runner.takeFailure())
        default: break
        }
    }

    /// How the answer to a reset was read.
    enum ResetOutcome { case clean, cancelled, failed }

    /// Reads the answer to a reset that was started. Where it failed or takes too long the connection is closed.
    nonisolated(nonsending) func finishReset(within limit: Duration) async -> ResetOutcome {
        guard failure == nil else { return .failed }
        guard runner.reset.isUnsettled else { return .clean }
        do throws(PostgresError) {
            try await within(limit) { driver throws(PostgresError) in
                guard driver.runner.reset.isUnderWay else { return }
                if case .ready(let failure) = try await driver.answers({ _ in nil as Void? }) {
                    driver.runner.reset.end(failure)
                }
            }
        } catch {
            if error.code == .cancelled, failure == nil { return .cancelled }
            _ = runner.reset.settle()
            fail(resetFailure(error))
            return .failed
        }
        guard let error = runner.reset.settle() else {
            try? takeUnasked()
            return failure == nil ? .clean : .failed
        }
        // Something took the session's statements by a way that cannot be seen here, such as a function.
        if error.sqlState == .invalidSQLStatementName {
            await resetBySQL(within: limit)
        } else {
            fail(resetFailure(error))
        }
        return failure == nil ? .clean : .failed
    }

    /// Gives the session back the state in which it began, without the help of prepared statements.
    private nonisolated(nonsending) func resetBySQL(within limit: Duration) async {
        await perform(within: limit) { driver throws(PostgresError) in
            try driver.startSimple(PostgresQuery(unsafeSQL: SessionReset.sql))
            try await driver.readToEnd()
            driver.statements.searchPath.reset()
        }
    }

    /// Takes everything from the session.
    nonisolated(nonsending) func discardAll(within limit: Duration) async {
        await perform(within: limit) { driver throws(PostgresError) in
            try await driver.run(commands: ["DISCARD ALL"])
        }
    }

    private nonisolated(nonsending) func perform(
        within limit: Duration,
        _ work: nonisolated(nonsending) (ConnectionDriver) async throws(PostgresError) -> Void
    ) async {
        guard failure == nil else { return }
        do throws(PostgresError) {
            try await within(limit, work)
        } catch {
            fail(resetFailure(error))
        }
    }

    private func resetFailure(_ error: PostgresError) -> PostgresError {
        PostgresError(
            .connectionLost, "connection closed: its session could not be checked or reset: \(error.message)",
            isConnectionUsable: false)
    }
}
