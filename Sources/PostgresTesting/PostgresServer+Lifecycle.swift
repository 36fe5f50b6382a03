import Glibc

extension PostgresServer {
    /// How a server ends.
    public enum ShutdownMode: Sendable, Hashable {
        /// Takes no new connections and waits until the clients have left, for at most 30 s.
        case smart
        /// Ends the clients' sessions and writes everything down.
        case fast
        /// Ends at once, as after a crash; the next start recovers.
        case immediate

        var signal: Int32 {
            switch self {
            case .smart: SIGTERM
            case .fast: SIGINT
            case .immediate: SIGQUIT
            }
        }
    }

    /// Time after which a shutdown becomes a kill. Postgres itself bounds an immediate shutdown to five seconds.
    private static let shutdownSecondsMax = 30

    /// Whether the postmaster runs; false after ``kill()`` and ``stop(_:)``, and when it ended by itself.
    public var isRunning: Bool {
        get async { await postmaster.isRunning }
    }

    /// Ends the server and removes its directory. Does nothing the second time. Not interrupted by cancellation.
    ///
    /// A shutdown that takes more than 30 s becomes a kill.
    public func stop(_ mode: ShutdownMode = .immediate) async {
        if !isStopped { await shutDown(mode) }
        isStopped = true
        await watchdog.finish()
        _ = await postmaster.exitStatus()
    }

    /// Ends the server and starts it again with the same data and on the same port; after ``kill()`` it only starts.
    ///
    /// - Throws: `PostgresServerError`: `stopped` after ``stop(_:)``, `portInUse` when somebody took the port
    ///   meanwhile, `startFailed` and `startTimedOut` as with a first start; `CancellationError` when cancelled.
    public func restart(_ mode: ShutdownMode = .fast) async throws {
        guard !isStopped else {
            throw PostgresServerError(.stopped, "cannot restart a server that was stopped")
        }
        await shutDown(mode)
        postmaster = try await cluster.launch(port: port)
    }

    /// Kills all processes of the server with SIGKILL, as a crash of the machine would, and waits until they are gone.
    ///
    /// The data stays, and ``restart(_:)`` brings the server back. Commits of the last moments are lost as after any
    /// crash with `synchronous_commit` off; a `CHECKPOINT` or that setting saves them.
    public func kill() async {
        // The postmaster goes first, so that it cannot start further processes.
        await postmaster.signal(SIGKILL)
        await cluster.processes.kill()
        _ = await postmaster.exitStatus()
    }

    /// Stops all processes of the server with SIGSTOP, and returns when none of them runs any more.
    ///
    /// The kernel still accepts connections and bytes for it: to clients it looks like a server that hangs.
    public func suspend() async {
        await postmaster.signal(SIGSTOP)
        await cluster.processes.suspend()
    }

    /// Lets the server go on after ``suspend()``.
    public func resume() {
        cluster.processes.resume()
    }

    private func shutDown(_ mode: ShutdownMode) async {
        resume()
        await postmaster.signal(mode.signal)
        _ = await postmaster.exit(secondsMax: Self.shutdownSecondsMax)
        await cluster.processes.kill()
    }
}
