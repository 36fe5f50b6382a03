@_spi(ExperimentalCustomExecutors) @_spi(ExperimentalScheduling) import _Concurrency

/// What the runtime takes for the pool of threads: everything that asks to run, or to run later, is kept for the world to
/// draw from.
final class WorldExecutor: TaskExecutor, SerialExecutor, SchedulingExecutor {
    static let shared = WorldExecutor()

    func enqueue(_ job: consuming ExecutorJob) { World.shared.enqueue(UnownedJob(job)) }

    func enqueue<C: Clock>(
        _ job: consuming ExecutorJob, after delay: C.Duration, tolerance: C.Duration?, clock: C
    ) {
        guard let delay = delay as? Duration else { preconditionFailure("there is one clock") }
        World.shared.enqueue(UnownedJob(job), after: delay)
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { unsafe UnownedSerialExecutor(ordinary: self) }

    /// Puts the executor in the place of the runtime's, before anything has asked for that.
    static func install() { _createExecutors(factory: Factory.self) }

    private struct Factory: ExecutorFactory {
        static var mainExecutor: any MainExecutor { WorldExecutor.shared }
        static var defaultExecutor: any TaskExecutor { WorldExecutor.shared }
    }
}

extension WorldExecutor: MainExecutor {
    // The thread of the event loop runs everything; the main thread only waits for it.
    func run() throws {}
    func stop() {}
}
