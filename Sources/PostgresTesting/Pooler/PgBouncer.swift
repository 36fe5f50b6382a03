import Glibc

/// A real PgBouncer in front of a throwaway server, for tests of what a client meets behind a pooler.
///
/// It lives as a `PostgresServer` does: in a temporary directory, never as root, and a watchdog ends it with this
/// process. It may die by itself, as old releases do over cancel requests; `check` and `stop` then say so.
package actor PgBouncer {
    /// The address for TCP connections.
    package nonisolated let host = "127.0.0.1"
    /// The TCP port, which is part of the Unix socket's name too.
    package nonisolated let port: Int
    /// The directory of the Unix socket.
    package nonisolated let socketDirectory: String

    /// The directory that it runs in, by which the watchdog knows it.
    package nonisolated var workingDirectory: String { directory.data }

    nonisolated let server: PostgresServer
    private nonisolated let directory: ServerDirectory
    private let account: ServerAccount?
    private let program: String
    private let watchdog: Watchdog
    private var process: ChildProcess

    /// Starts a PgBouncer and waits until it accepts connections.
    ///
    /// - Throws: `PostgresServerError`: `binariesNotFound` where the machine has none; with the log where that helps.
    package nonisolated(nonsending) static func start(
        inFrontOf server: PostgresServer, _ options: PgBouncerOptions = PgBouncerOptions()
    ) async throws -> PgBouncer {
        guard let program = programs.first(where: { unsafe access($0, X_OK) == 0 }) else {
            let places = programs.joined(separator: ", ")
            throw PostgresServerError(.binariesNotFound, "could not find PgBouncer at \(places)")
        }
        let account = try ServerAccount.current()
        let directory = try ServerDirectory(account: account)
        let watchdog = try await Watchdog.start(over: directory)
        do {
            try directory.write(options.users(of: server), to: "\(directory.path)/users.txt")
            let (port, process) = try await launch(program, as: account, in: directory) { port in
                options.settings(for: server, in: directory, port: port)
            }
            return PgBouncer(server, directory, account, program, port: port, watchdog, process)
        } catch {
            await watchdog.finish()
            throw error
        }
    }

    private init(
        _ server: PostgresServer, _ directory: ServerDirectory, _ account: ServerAccount?, _ program: String, port: Int,
        _ watchdog: Watchdog, _ process: ChildProcess
    ) {
        self.server = server
        self.directory = directory
        self.account = account
        self.program = program
        self.port = port
        self.watchdog = watchdog
        self.process = process
        socketDirectory = directory.socket
    }

    /// What it has said so far, at most the last 256 KiB of it.
    package nonisolated var log: String {
        fileText(directory.log, from: max(0, fileSize(directory.log) - Self.logBytesMax), max: Self.logBytesMax) ?? ""
    }

    /// Says whether it still runs.
    ///
    /// - Throws: `crashed` with the end of its log.
    package func check() async throws(PostgresServerError) {
        guard await !process.isRunning else { return }
        throw PostgresServerError(
            .crashed, "PgBouncer ended by itself with \(await process.exitStatus())", detail: directory.logTail())
    }

    /// Has it end as a failed assertion would end it.
    package func crash() async {
        await process.signal(SIGABRT)
        _ = await process.exitStatus()
    }

    /// Starts it again on the same port, after ending it if it still runs.
    package func restart() async throws {
        await process.signal(SIGKILL)
        _ = await process.exitStatus()
        process = try await Self.launch(program, as: account, in: directory, port: port)
    }

    /// Ends it and removes its directory.
    ///
    /// - Throws: `crashed` if it had ended by itself before.
    package func stop() async throws(PostgresServerError) {
        // Whoever crashes at this moment is not told from who obeys; a signal other than ours tells.
        await process.signal(SIGKILL)
        let status = await process.exitStatus()
        let tail = directory.logTail()
        await watchdog.finish()
        guard status == .signal(SIGKILL) else {
            throw PostgresServerError(.crashed, "PgBouncer ended by itself with \(status)", detail: tail)
        }
    }
}

extension PgBouncer {
    private static let programs = ["/usr/sbin/pgbouncer", "/usr/local/bin/pgbouncer", "/usr/bin/pgbouncer"]
    private static let logBytesMax = 256 << 10
    private static let startSecondsMax = 20

    /// As for servers: the kernel takes the ports of outgoing connections from above.
    private static let portsBelowEphemeral = 10_240..<32_768
    private static let portAttemptsMax = 20

    private static func launch(
        _ program: String, as account: ServerAccount?, in directory: ServerDirectory, settings: (Int) -> String
    ) async throws -> (port: Int, process: ChildProcess) {
        var attempts = 0
        while true {
            attempts += 1
            let port = Int.random(in: portsBelowEphemeral)
            try directory.write(settings(port), to: directory.settings(port))
            do {
                return (port, try await launch(program, as: account, in: directory, port: port))
            } catch {
                let isPortInUse = (error as? PostgresServerError)?.code == .portInUse
                guard isPortInUse, attempts < portAttemptsMax else { throw error }
            }
        }
    }

    private static func launch(
        _ program: String, as account: ServerAccount?, in directory: ServerDirectory, port: Int
    ) async throws -> ChildProcess {
        let logOffset = fileSize(directory.log)
        // The watchdog knows its charges by their working directory.
        let launch = ProcessLaunch(
            account.command([program, directory.settings(port)]), directory: directory.data,
            output: .appended(to: directory.log))
        let process = try await ChildProcess.start(launch)
        do {
            try await waitUntilReady(process, directory, port: port, logOffset: logOffset)
        } catch {
            await process.signal(SIGKILL)
            _ = await process.exitStatus()
            throw error
        }
        return process
    }

    private static func waitUntilReady(
        _ process: ChildProcess, _ directory: ServerDirectory, port: Int, logOffset: Int
    ) async throws {
        let deadline = ContinuousClock.now + .seconds(startSecondsMax)
        while true {
            let isRunning = await process.isRunning
            let log = fileText(directory.log, from: logOffset, max: logBytesMax) ?? ""
            // It goes on without the address that is taken.
            guard !log.contains("Address already in use") else {
                throw PostgresServerError(
                    .portInUse, "PgBouncer could not listen on port \(port): another process does")
            }
            if log.contains("process up:") { return }
            guard isRunning, ContinuousClock.now < deadline else {
                throw PostgresServerError(
                    isRunning ? .startTimedOut : .startFailed, "PgBouncer was not ready",
                    detail: directory.logTail(from: logOffset))
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}

extension PostgresServerError.Code {
    /// A process ended that nobody told to.
    package static let crashed = PostgresServerError.Code(description: "crashed")
}

extension ServerDirectory {
    fileprivate func settings(_ port: Int) -> String { "\(path)/pgbouncer-\(port).ini" }
}
