import PostgresTransport

/// When waiting for the server ends: the tightest of the limits that are in force, one within the other.
///
/// A limit within another can only tighten it, and what held before holds again afterwards. So no step of a longer work
/// takes the limit of the whole away, and none outlives its step.
final class ScopedDeadline {
    /// The end; nil where only the caller's cancellation ends a wait.
    private(set) var end: MonotonicTime?

    /// Has `limit` hold while `work` runs, where nothing tighter does.
    nonisolated(nonsending) func hold<Result, Failure: Error>(
        until limit: MonotonicTime,
        _ work: nonisolated(nonsending) () async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        let outer = end
        end = outer.map { min($0, limit) } ?? limit
        defer { end = outer }
        return try await work()
    }

    /// Has `limit` hold until it is lifted: for a work that is no one function, with no other limit around it.
    func begin(until limit: MonotonicTime) { end = limit }

    /// Lifts what was begun.
    func lift() { end = nil }
}

extension ConnectionDriver {
    /// When waiting for the server ends; nil where only the caller's cancellation ends it.
    var deadline: MonotonicTime? { scopedDeadline.end }

    /// Does `work` for no longer than `limit`, nor than what holds already. A wait that runs into it throws
    /// `queryTimedOut`, and the session stands where it stood.
    nonisolated(nonsending) func within<Result, Failure: Error>(
        _ limit: Duration,
        _ work: nonisolated(nonsending) (ConnectionDriver) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        try await within(until: .now + limit, work)
    }

    /// As `within(until:_:)`, where there may be no further limit.
    nonisolated(nonsending) func within<Result, Failure: Error>(
        until end: MonotonicTime?,
        _ work: nonisolated(nonsending) (ConnectionDriver) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        guard let end else { return try await work(self) }
        return try await within(until: end, work)
    }

    /// As `within(_:_:)`, with the end of the time.
    nonisolated(nonsending) func within<Result, Failure: Error>(
        until end: MonotonicTime,
        _ work: nonisolated(nonsending) (ConnectionDriver) async throws(Failure) -> Result
    ) async throws(Failure) -> Result {
        try await scopedDeadline.hold(until: end) { () async throws(Failure) -> Result in try await work(self) }
    }

    /// Does what the caller sends no query for, within the time for that.
    ///
    /// - Parameter time: the time for more than that, of which no more is taken than what is left.
    nonisolated(nonsending) func control<Result>(
        within time: TimeAllowed? = nil,
        _ work: nonisolated(nonsending) (ConnectionDriver) async throws(PostgresError) -> Result
    ) async throws(PostgresError) -> Result {
        let own = TimeAllowed(times.control)
        do throws(PostgresError) {
            return try await within(until: min(own.end, time?.end ?? own.end), work)
        } catch {
            if error.code == .queryTimedOut { observation?.passed(own.isOver ? .control : .transaction) }
            throw error
        }
    }
}
