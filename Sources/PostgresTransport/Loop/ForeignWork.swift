/// Runs an async function of somebody else's, who may not heed cancellation.
package enum ForeignWork {
    /// Waits for `body`'s result, but no longer than until the deadline or the task's cancellation.
    ///
    /// The function runs in a task of its own, which is cancelled then; if it goes on its result is dropped.
    package nonisolated(nonsending) static func run<Success: Sendable>(
        on loop: EventLoop, deadline: MonotonicTime? = nil,
        _ body: @escaping @Sendable () async -> Success
    ) async throws(TransportError) -> Success {
        let result = PendingResult<Success>(on: loop)
        let task = Task { @concurrent in result.deliver(await body()) }
        defer { task.cancel() }
        return try await result.wait(deadline: deadline)
    }
}
