import Glibc

/// All processes of one server, found by what no other process has: the data directory as working directory.
///
/// The process group does not help, because every backend makes a session of its own; nor does the postmaster's
/// list of children, because they outlive it when it is killed.
package struct ServerProcesses: Sendable {
    private static let waitSecondsMax = 10

    let dataDirectory: String

    /// Creates a view of the server with this data directory.
    package init(dataDirectory: String) { self.dataDirectory = dataDirectory }

    /// The process IDs, lowest first; zombies do not count.
    package var ids: [pid_t] {
        let places = [dataDirectory, "\(dataDirectory) (deleted)"]
        return directoryEntries("/proc").compactMap { pid_t($0) }.sorted()
            .filter { id in linkTarget("/proc/\(id)/cwd").map(places.contains) ?? false }
    }

    /// Kills every process and waits until none is left, for at most ten seconds.
    func kill() async {
        await waitUntil {
            let ids = ids
            for id in ids { Glibc.kill(id, SIGKILL) }
            return ids.isEmpty
        }
    }

    /// Stops every process as SIGSTOP does, and waits until none runs, for at most ten seconds.
    func suspend() async {
        await waitUntil {
            let running = ids.filter { !isStopped($0) }
            for id in running { Glibc.kill(id, SIGSTOP) }
            return running.isEmpty
        }
    }

    /// Lets every process go on that was suspended.
    func resume() {
        for id in ids { Glibc.kill(id, SIGCONT) }
    }

    /// The third field of the process's status line, after the name in parentheses, is its state.
    private func isStopped(_ id: pid_t) -> Bool {
        guard let line = fileText("/proc/\(id)/stat", max: 1024), let name = line.lastIndex(of: ")") else {
            return true
        }
        return line[name...].dropFirst(2).first == "T"
    }

    /// Not ended by cancellation: half a server left running would be worse than a late return.
    private func waitUntil(_ isDone: @Sendable () -> Bool) async {
        let deadline = ContinuousClock.now + .seconds(Self.waitSecondsMax)
        while !isDone(), ContinuousClock.now < deadline {
            await pause(milliseconds: 2)
        }
    }
}

/// Suspends the caller for so long, also when its task is cancelled.
func pause(milliseconds: Int) async {
    let sleep = Task.detached { try? await Task.sleep(for: .milliseconds(milliseconds)) }
    await sleep.value
}
