import Glibc

/// A child of this process, from its start until its status was collected; it never stays behind as a zombie.
///
/// A thread of its own waits for the end. The status is collected on the actor, so that a signal can never reach
/// another process that got the same number later.
package actor ChildProcess {
    /// The process ID. It also names the session and the process group, which every child gets for itself.
    package nonisolated let id: pid_t
    private var status: ExitStatus?
    private var collection: Task<ExitStatus, Never>?

    /// Starts a command; its first word is looked up on PATH when it holds no slash.
    ///
    /// The child gets none of this process's open files, a clean signal mask, and only the environment that
    /// `ProcessLaunch` lists.
    package static func start(_ launch: ProcessLaunch) async throws(PostgresServerError) -> ChildProcess {
        let child = ChildProcess(id: try launch.spawn())
        await child.collectInBackground()
        return child
    }

    private init(id: pid_t) { self.id = id }

    /// Whether the process has not been seen to end.
    package var isRunning: Bool { status == nil }

    /// Waits for the end of the process; returns at once when it was already seen. Not ended by cancellation.
    package func exitStatus() async -> ExitStatus {
        if let status { return status }
        return await collection?.value ?? .unknown
    }

    /// Waits for the end of the process for at most so long; then its whole process group is killed.
    package func exit(secondsMax: Int) async -> (status: ExitStatus, isTimedOut: Bool) {
        let limit = Task {
            try await Task.sleep(for: .seconds(secondsMax))
            signalGroup(SIGKILL)
            return true
        }
        let status = await exitStatus()
        limit.cancel()
        return (status, (try? await limit.value) ?? false)
    }

    /// Sends a signal, unless the process has ended.
    package func signal(_ number: Int32) {
        if isRunning { kill(id, number) }
    }

    /// Sends a signal to the process and all that it started in its group, unless the process itself has ended.
    package func signalGroup(_ number: Int32) {
        if isRunning { kill(-id, number) }
    }

    private func collectInBackground() {
        collection = Task { await collect() }
    }

    private func collect() async -> ExitStatus {
        let id = id
        await onDedicatedThread { waitForExit(of: id) }
        var waitStatus: Int32 = 0
        let collected = unsafe waitpid(id, &waitStatus, 0)
        let status: ExitStatus = collected == id ? ExitStatus(waitStatus: waitStatus) : .unknown
        self.status = status
        return status
    }
}

/// Blocks until the child has ended, and leaves its status to be collected.
private func waitForExit(of id: pid_t) {
    var information = unsafe siginfo_t()
    while unsafe waitid(P_PID, id_t(id), &information, WEXITED | WNOWAIT) == -1, errno == EINTR {}
}
