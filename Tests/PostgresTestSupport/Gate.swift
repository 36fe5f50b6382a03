import Glibc
import PostgresTransport

/// Opens once and stays open. Tasks and threads wait for it: what stands where other tests would sleep.
package final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter: UInt64 = 0
    }

    private let state = Locked(State())
    /// Threads poll the reading end; opening the gate closes the writing end.
    private let reading: Int32
    private let writing: Int32

    /// Creates a closed gate.
    package init() {
        var ends: [Int32] = [-1, -1]
        let code = unsafe pipe(&ends)
        precondition(code == 0, "a gate needs a pipe: errno \(errno)")
        (reading, writing) = (ends[0], ends[1])
    }

    deinit {
        Glibc.close(reading)
        if !isOpen { Glibc.close(writing) }
    }

    /// Whether the gate has been opened.
    package var isOpen: Bool { state.withLock { $0.isOpen } }

    /// Lets everybody through, now and later.
    package func open() {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard !state.isOpen else { return [] }
            state.isOpen = true
            Glibc.close(writing)
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Waits until the gate is open or the task is cancelled.
    package nonisolated(nonsending) func wait() async {
        let waiter = state.withLock { state in
            defer { state.nextWaiter += 1 }
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesThrough = state.withLock { state in
                    guard !state.isOpen, !Task.isCancelled else { return true }
                    state.waiting[waiter] = continuation
                    return false
                }
                if goesThrough { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: waiter) }?.resume()
        }
    }

    /// Waits until the gate is open, whether or not the task is cancelled; false where that takes longer.
    package nonisolated(nonsending) func wait(secondsMax: Int32) async -> Bool {
        if isOpen { return true }
        return await withCheckedContinuation { continuation in
            BlockingThread.start { continuation.resume(returning: self.waitBlocking(secondsMax: secondsMax)) }
        }
    }

    /// Blocks the thread until the gate is open; false where that takes longer than `secondsMax`.
    package func waitBlocking(secondsMax: Int32) -> Bool {
        var poller = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&poller, 1, secondsMax * 1000) > 0
    }
}
