/// Runs a function that blocks or computes for long on a thread of its own.
package enum BlockingWork {
    /// Waits for `body`'s result, but no longer than until the deadline or the task's cancellation.
    ///
    /// The thread cannot be interrupted: after a time-out or a cancellation it ends by itself and its result is dropped.
    package nonisolated(nonsending) static func run<Success: Sendable>(
        on loop: EventLoop, deadline: MonotonicTime? = nil,
        _ body: @escaping @Sendable () -> Success
    ) async throws(TransportError) -> Success {
        let result = PendingResult<Success>(on: loop)
        try Thread.start(named: "pg-blocking") { result.deliver(body()) }
        return try await result.wait(deadline: deadline)
    }
}
