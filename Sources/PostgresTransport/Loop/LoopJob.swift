/// One piece of a task that is to run on an event loop, and as what.
struct LoopJob: Sendable {
    let job: UnownedJob
    /// Whether it belongs to an actor that the loop isolates, or to a task that merely prefers the loop.
    ///
    /// The difference is expensive to get wrong: run as isolated, a task that prefers the loop would enqueue itself
    /// anew at every return from an asynchronous call, because it looks to be on a foreign executor.
    let isIsolated: Bool

    func run(on loop: EventLoop) {
        if isIsolated {
            unsafe job.runSynchronously(
                isolatedTo: loop.serialExecutor.asUnownedSerialExecutor(), taskExecutor: loop.asUnownedTaskExecutor())
        } else {
            unsafe job.runSynchronously(on: loop.asUnownedTaskExecutor())
        }
    }
}

/// An event loop as the serial executor of actors: `nonisolated var unownedExecutor` of an actor that lives on it.
package final class LoopSerialExecutor: SerialExecutor {
    /// The loop owns this object and outlives every job.
    private unowned let loop: EventLoop

    init(_ loop: EventLoop) { self.loop = loop }

    package func enqueue(_ job: consuming ExecutorJob) {
        loop.enqueue(LoopJob(job: UnownedJob(job), isIsolated: true))
    }

    package func checkIsolated() {
        precondition(loop.isCurrent, "this code has to run on its event loop")
    }

    package func isIsolatingCurrentContext() -> Bool? { loop.isCurrent }
}
