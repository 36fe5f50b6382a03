/// A result that somebody else comes to, waited for by one task.
final class PendingResult<Success: Sendable>: Sendable {
    private let cell: ReadinessCell
    private let value = Locked<Success?>(nil)

    init(on loop: EventLoop) {
        cell = ReadinessCell(loop: loop)
    }

    /// Hands the result over, from any thread.
    func deliver(_ result: Success) {
        value.withLock { $0 = result }
        cell.signal(.readable)
    }

    /// Waits for the result, but no longer than until the deadline or the task's cancellation.
    nonisolated(nonsending) func wait(
        deadline: MonotonicTime?
    ) async throws(TransportError) -> Success {
        switch await cell.wait(for: .readable, deadline: deadline) {
        case .timedOut: throw TransportError.timedOut
        case .cancelled: throw TransportError.cancelled
        case .ready: break
        }
        guard let result = value.withLock({ $0 }) else { throw TransportError.cancelled }
        return result
    }
}
