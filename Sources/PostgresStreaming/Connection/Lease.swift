import PostgresTransport
import PostgresWire

/// A driver on its way from one owner to the next.
///
/// The claim behind `@unchecked`: only `Lease` makes and keeps one, it gives out the driver to one caller at a time,
/// and every public object reaches the driver through its lease.
struct DriverHandover: @unchecked Sendable {
    fileprivate let driver: ConnectionDriver

    /// Brings the connection back to where the next verb can begin; never fails, the driver remembers a failure.
    @concurrent
    fileprivate func cleaned() async -> DriverHandover {
        await driver.leaveQuery()
        return self
    }
}

/// Who may use a connection, and for what: shared by the connection, its streams and what they leave behind.
///
/// Not Sendable: it belongs to the region of the connection. The checks are plain values; they are there for what the
/// compiler lets pass, such as two calls of one re-entrant actor.
final class Lease {
    private enum State {
        case held(DriverHandover)
        /// A stream was left early; a task on the loop cleans up behind it.
        case cleaning(Task<DriverHandover, Never>)
        case ended(PostgresError)
    }

    /// What the connection is at work for.
    private enum Use { case nothing, verb, stream }

    private var state: State
    private var use = Use.nothing
    private let loop: EventLoop

    init(_ driver: consuming sending ConnectionDriver) {
        loop = driver.loop
        state = .held(DriverHandover(driver: driver))
    }

    /// Begins a verb. Fails fast if the connection is at work; waits for a clean-up that is under way.
    nonisolated(nonsending) func begin() async throws(PostgresError) -> ConnectionDriver {
        if case .ended(let error) = state { throw error }
        guard use == .nothing else {
            throw PostgresError(
                .connectionBusy, "the connection is busy with another call or an open stream",
                hint: "End the stream or await the other call first, or use a second connection.")
        }
        use = .verb
        await settle()
        let driver: ConnectionDriver
        do throws(PostgresError) {
            driver = try held()
            if let failure = driver.failure { throw failure }
        } catch {
            use = .nothing
            throw error
        }
        return driver
    }

    /// Ends a verb that left the session idle, or the connection failed.
    func finish() {
        use = .nothing
    }

    /// The verb goes on as a stream.
    func becomeStream() {
        use = .stream
    }

    /// The driver, for the verb or stream that is under way.
    func held() throws(PostgresError) -> ConnectionDriver {
        switch state {
        case .held(let handover): return handover.driver
        case .cleaning: throw PostgresError(.invalidState, "the stream was left before its end")
        case .ended(let error): throw error
        }
    }

    /// A query was left early: cleans up behind it on the loop, at once and without making anyone wait.
    ///
    /// At once, because a server that is blocked in the middle of a result keeps its snapshot until someone reads.
    func leave() {
        use = .nothing
        guard case .held(let handover) = state else { return }
        state = .cleaning(Task.detached(executorPreference: loop) { await handover.cleaned() })
    }

    /// Waits for a clean-up that is under way; what has not ended within the limit is given up, and the connection with
    /// it.
    nonisolated(nonsending) func settle(within limit: Duration? = nil) async {
        guard case .cleaning(let task) = state else { return }
        let timer = limit.map { limit in
            Task {
                try await Task.sleep(for: limit)
                task.cancel()
            }
        }
        defer { timer?.cancel() }
        let handover = await task.value
        if limit != nil, task.isCancelled { handover.driver.observation?.passed(.close) }
        // The connection may have been closed in the meantime.
        if case .cleaning = state { state = .held(handover) }
    }

    /// Ends the lease for good: everything that still refers to it throws from now on.
    func end() {
        if case .held(let handover) = state { handover.driver.terminate() }
        if case .ended = state { return }
        state = .ended(PostgresError(.connectionClosed, "the connection was closed", isConnectionUsable: false))
    }
}
