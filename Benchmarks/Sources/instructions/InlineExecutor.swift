import Glibc
import PostgresTransport

/// Runs its jobs on the thread that asks for it, so that everything a task does lies below one function call.
final class InlineExecutor: TaskExecutor {
    /// How far the task has come.
    enum Phase {
        case starting
        case prepared
        case finished
    }

    private struct State {
        var jobs: [UnownedJob] = []
        var phase = Phase.starting
    }

    static let shared = InlineExecutor()

    private let state = Locked(State())

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
    }

    /// Notes that the task has come so far.
    func reach(_ phase: Phase) {
        state.withLock { $0.phase = phase }
    }

    /// Runs jobs until the task has come so far. Nothing may wait for anything: there is no other thread to wake it.
    func run(until phase: Phase) {
        while state.withLock({ $0.phase != phase }) {
            guard let job = state.withLock({ $0.jobs.isEmpty ? nil : $0.jobs.removeFirst() }) else {
                print("instruction-count: the task waits, though everything it reads is in memory")
                exit(1)
            }
            unsafe job.runSynchronously(on: asUnownedTaskExecutor())
        }
    }
}
