/// Tells tasks apart: by the number that the runtime gives each, which no later task gets.
///
/// Comparing tasks by `UnsafeCurrentTask` does not: its hash and its equality are those of the task's memory, and that is
/// another task's as soon as this one has ended.
package struct TaskIdentity: Hashable, Sendable {
    private let number: UInt64

    /// The task with a number.
    package init(_ number: UInt64) { self.number = number }

    /// The running task; nil outside of tasks.
    static var current: TaskIdentity? {
        unsafe withUnsafeCurrentTask { task in
            guard let task = unsafe task else { return nil }
            // Both are one reference to the runtime's task, which begins as a job.
            return unsafe TaskIdentity(jobTaskID(unsafeBitCast(task, to: UnownedJob.self)))
        }
    }
}

/// What the description of a job shows as its identifier; the standard library has no other way to it.
@_silgen_name("swift_task_getJobTaskId")
private func jobTaskID(_ job: UnownedJob) -> UInt64
