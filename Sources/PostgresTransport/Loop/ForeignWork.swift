/// Runs an async function of somebody else's, who may not heed cancellation.
package enum ForeignWork {
    /// Waits for `body`'s result, but no longer than until the deadline or the task's cancellation.
    ///
    /// The function runs in a task of its own, which is cancelled then; if it goes on its result is dropped.
    package nonisolated(nonsending) static func run<Success: Sendable>(
        on loop: EventLoop, deadline: ContinuousClock.Instant? = nil,
        _ body: @escaping @Sendable () async -> Success
    ) async throws(TransportError) -> Success {
        let cell = ReadinessCell(loop: loop)
        let pending = Locked<Success?>(nil)
        let task = Task { @concurrent in
            let result = await body()
            pending.withLock { $0 = result }
            cell.signal(.readable)
        }
        defer { task.cancel() }
        switch await cell.wait(for: .readable, deadline: deadline) {
        case .timedOut: throw TransportError.timedOut
        case .cancelled: throw TransportError.cancelled
        case .ready: break
        }
        guard let result = pending.withLock({ $0 }) else { throw TransportError.cancelled }
        return result
    }
}
