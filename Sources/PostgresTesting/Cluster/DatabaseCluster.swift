import Glibc

/// A data directory and all that is needed to start a postmaster on it.
struct DatabaseCluster: Sendable {
    /// `initdb` takes one second on an idle machine.
    static let initializationSecondsMax = 120

    let binaries: ServerBinaries
    let account: ServerAccount?
    let directory: ServerDirectory
    let startSecondsMax: Int

    var processes: ServerProcesses { ServerProcesses(dataDirectory: directory.data) }

    /// Fills the data directory and writes the files that the server reads.
    func initialize(_ configuration: ServerConfiguration, password: String) async throws(PostgresServerError) {
        try await fill(configuration, password: password)
        try write(configuration)
        for (name, text) in configuration.options.files {
            try directory.write(text, to: "\(directory.data)/\(name)")
        }
    }

    /// Runs `initdb`.
    func runInitdb(_ configuration: ServerConfiguration, password: String) async throws(PostgresServerError) {
        let options = configuration.options
        let passwordFile = "\(directory.path)/password"
        try directory.write(password + "\n", to: passwordFile)
        defer { unsafe unlink(passwordFile) }

        // With md5, initdb also sets password_encryption, before it stores the superuser's password.
        let command = [
            binaries.path("initdb"), "--pgdata=\(directory.data)", "--username=\(options.superuser)",
            "--pwfile=\(passwordFile)", "--auth=\(options.authentication.rawValue)", "--encoding=UTF8",
            "--locale=\(Self.locale)", "--lc-messages=C", "--no-sync", "--no-instructions",
        ]
        let launch = ProcessLaunch(
            account.command(command + options.initdbArguments), directory: directory.data,
            output: .appended(to: directory.log))
        let (status, isTimedOut) = try await ChildProcess.start(launch).exit(secondsMax: Self.initializationSecondsMax)
        guard !isTimedOut else {
            throw PostgresServerError(
                .startTimedOut, "initdb did not end within \(Self.initializationSecondsMax) s",
                detail: directory.logTail())
        }
        guard status == .code(0) else {
            throw PostgresServerError(
                .initializationFailed, "initdb failed with \(status)", detail: directory.logTail())
        }
    }

    /// Writes the files that tell the server how to run, beside the data.
    func write(_ configuration: ServerConfiguration) throws(PostgresServerError) {
        try directory.write(configuration.settings, to: "\(directory.path)/postgresql.conf")
        try directory.write(configuration.accessRules, to: "\(directory.path)/pg_hba.conf")
    }

    /// Starts a postmaster and waits until it accepts connections.
    ///
    /// - Throws: `portInUse` also when only one of the two addresses is taken: Postgres itself would go on with the
    ///   other, and a client that tries `::1` first would talk to a stranger.
    func launch(port: Int) async throws -> ChildProcess {
        let logOffset = fileSize(directory.log)
        let command = [
            binaries.path("postgres"), "-D", directory.data, "-p", "\(port)", "-k", directory.socket,
            "-h", Self.addresses, "--config-file=\(directory.path)/postgresql.conf",
            "--hba-file=\(directory.path)/pg_hba.conf",
        ]
        let launch = ProcessLaunch(
            account.command(command), directory: directory.data, output: .appended(to: directory.log))
        let postmaster = try await ChildProcess.start(launch)
        do {
            try await waitUntilReady(postmaster, port: port, logOffset: logOffset)
        } catch {
            await postmaster.signal(SIGKILL)
            await processes.kill()
            _ = await postmaster.exitStatus()
            throw error
        }
        return postmaster
    }

    private func waitUntilReady(_ postmaster: ChildProcess, port: Int, logOffset: Int) async throws {
        let deadline = ContinuousClock.now + .seconds(startSecondsMax)
        while !isReady(postmaster.id) {
            guard await postmaster.isRunning else {
                try throwIfPortIsInUse(port, logOffset: logOffset)
                throw PostgresServerError(
                    .startFailed, "the server ended with \(await postmaster.exitStatus()) before it was ready",
                    detail: directory.logTail(from: logOffset))
            }
            guard ContinuousClock.now < deadline else {
                throw PostgresServerError(
                    .startTimedOut, "the server was not ready within \(startSecondsMax) s",
                    detail: directory.logTail(from: logOffset))
            }
            try await Task.sleep(for: .milliseconds(5))
        }
        try throwIfPortIsInUse(port, logOffset: logOffset)
    }

    /// The first line of `postmaster.pid` is the process ID, the eighth the state. A killed server leaves the file.
    private func isReady(_ id: pid_t) -> Bool {
        let lines = fileText("\(directory.data)/postmaster.pid", max: 4096)?
            .split(separator: "\n", omittingEmptySubsequences: false)
        guard let lines, lines.count >= 8 else { return false }
        return lines[0] == "\(id)" && lines[7].hasPrefix("ready")
    }

    private func throwIfPortIsInUse(_ port: Int, logOffset: Int) throws(PostgresServerError) {
        let log = fileText(directory.log, from: logOffset, max: 65_536) ?? ""
        guard log.contains("Address already in use") else { return }
        throw PostgresServerError(
            .portInUse, "could not listen on port \(port): another process does",
            detail: directory.logTail(from: logOffset))
    }

    /// The loopback addresses of this machine; containers often have no `::1`.
    private static var addresses: String {
        let interfaces = fileText("/proc/net/if_inet6", max: 65_536) ?? ""
        return interfaces.contains("00000000000000000000000000000001") ? "127.0.0.1,::1" : "127.0.0.1"
    }

    private static var locale: String {
        guard let locale = unsafe newlocale(1 << LC_CTYPE | 1 << LC_COLLATE, "C.UTF-8", nil) else { return "C" }
        unsafe freelocale(locale)
        return "C.UTF-8"
    }
}
