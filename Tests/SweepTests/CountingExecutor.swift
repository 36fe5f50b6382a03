import Glibc
import PostgresTestSupport
import PostgresTransport

/// Runs a task on a thread of its own, and cancels it when it has been suspended so and so often.
///
/// Every job is what a task does between two suspensions, so their count is the same from run to run.
final class CountingExecutor: TaskExecutor {
    /// When to cancel.
    enum Moment: Sendable, CaseIterable {
        /// While the task is suspended: what it waits for is told.
        case whileSuspended
        /// When what the task waits for has happened, before it goes on.
        case beforeResuming
    }

    private struct State: Sendable {
        var jobs: [UnownedJob] = []
        /// The jobs until the task is cancelled; nil where it is not to be.
        var jobsLeft: Int?
        var moment = Moment.whileSuspended
        var cancel: (@Sendable () -> Void)?
        var hasFired = false
    }

    private let state = Locked(State())
    /// A byte for each job.
    private let reading: Int32
    private let writing: Int32

    /// Starts the thread, which lives as long as the process.
    init() {
        var ends: [Int32] = [-1, -1]
        let code = unsafe pipe(&ends)
        precondition(code == 0, "an executor needs a pipe: errno \(errno)")
        (reading, writing) = (ends[0], ends[1])
        BlockingThread.start { self.run() }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
        var byte: UInt8 = 1
        _ = unsafe write(writing, &byte, 1)
    }

    private func run() {
        var byte: UInt8 = 0
        while unsafe read(reading, &byte, 1) == 1 {
            let job = state.withLock { $0.jobs.removeFirst() }
            count(.beforeResuming)
            unsafe job.runSynchronously(on: asUnownedTaskExecutor())
            count(.whileSuspended)
        }
    }

    /// Counts one job, if it is to be counted before it runs, or after.
    private func count(_ moment: Moment) {
        let cancel = state.withLock { state -> (@Sendable () -> Void)? in
            guard let left = state.jobsLeft, state.moment == moment else { return nil }
            state.jobsLeft = left > 0 ? left - 1 : nil
            guard left == 0 else { return nil }
            state.hasFired = true
            return state.cancel
        }
        cancel?()
    }

    /// Says what cancels the task.
    func prepare(_ cancel: @escaping @Sendable () -> Void) {
        state.withLock { state in
            state.cancel = cancel
            state.hasFired = false
        }
    }

    /// Begins to count, called by the task: it is cancelled at a suspension from here on, the first one being 0.
    func begin(suspension: Int, _ moment: Moment) {
        state.withLock { state in
            state.jobsLeft = suspension
            state.moment = moment
        }
    }

    /// Stops counting.
    ///
    /// - Returns: whether the task was cancelled.
    func end() -> Bool {
        state.withLock { state in
            state.jobsLeft = nil
            state.cancel = nil
            return state.hasFired
        }
    }
}
