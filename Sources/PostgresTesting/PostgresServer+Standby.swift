extension PostgresServer {
    /// Starts a standby of this server: a server of its own that copies everything this one commits, as it happens, and
    /// answers queries that only read (manual: "Hot Standby").
    ///
    /// It has the version, the roles, the password and the settings of this server, another port, and goes on running
    /// when this server is stopped. A commit waits for it only if this server says so: with `synchronous_standby_names`
    /// naming it and `synchronous_commit` at `on` or `remote_apply`. It takes about a second to start, and then it follows.
    ///
    /// - Parameters:
    ///   - name: what it is called in `pg_stat_replication` and for `synchronous_standby_names`.
    ///   - configuration: settings for `postgresql.conf`, put behind those of this server.
    /// - Throws: as ``start(_:)``; `initializationFailed` where this server could not be copied. Nothing stays behind then.
    public nonisolated(nonsending) func startStandby(
        named name: String = "standby", configuration: [String: String] = [:]
    ) async throws -> PostgresServer {
        var options = options
        options.configuration.merge(configuration) { $1 }
        let settings = try ServerConfiguration(validating: options)
        let source = url + "&application_name=\(percentEncoded(name))"
        let standby = try await Self.start(options, binaries, password: password, ports: Self.portsToTry) { cluster in
            try await cluster.copy(source, settings)
        }
        do {
            try await standby.cluster.waitUntilFollowing()
            return standby
        } catch {
            await standby.stop()
            throw error
        }
    }

    /// Makes a standby the primary of its own from now on, and waits until it takes commits (manual: "pg_ctl promote").
    ///
    /// The server that it was a standby of is not told: stop it before, or both take commits.
    ///
    /// - Throws: `PostgresServerError` with the code `startFailed` where this is no standby or does not come to it in time.
    public func promote() async throws(PostgresServerError) {
        let command = cluster.account.command([
            binaries.path("pg_ctl"), "promote", "--pgdata=\(dataDirectory)", "--wait", "--timeout=30", "--silent",
        ])
        let (status, output) = try await ChildProcess.capture(command)
        guard status == .code(0) else {
            throw PostgresServerError(.startFailed, "could not promote the server: \(status)", detail: output)
        }
    }
}

extension DatabaseCluster {
    /// Copies a running server into the data directory, as its standby.
    func copy(_ url: String, _ configuration: ServerConfiguration) async throws(PostgresServerError) {
        // The URL holds a password, which other users of the machine could read in a list of processes, but the server
        // is a throwaway one and lets nobody in from elsewhere.
        let command = [
            binaries.path("pg_basebackup"), "--pgdata=\(directory.data)", "--dbname=\(url)", "--write-recovery-conf",
            "--checkpoint=fast", "--wal-method=stream", "--no-sync", "--no-manifest",
        ]
        let launch = ProcessLaunch(
            account.command(command), directory: directory.data, output: .appended(to: directory.log))
        let (status, isTimedOut) = try await ChildProcess.start(launch).exit(secondsMax: Self.initializationSecondsMax)
        guard status == .code(0), !isTimedOut else {
            throw PostgresServerError(
                .initializationFailed, "pg_basebackup failed with \(status)", detail: directory.logTail())
        }
        try write(configuration)
    }

    /// A standby answers before it has reached its primary; that it has shows in its log alone.
    fileprivate func waitUntilFollowing() async throws {
        let deadline = ContinuousClock.now + .seconds(startSecondsMax)
        while fileText(directory.log, max: 1 << 20)?.contains("started streaming WAL") != true {
            guard ContinuousClock.now < deadline else {
                throw PostgresServerError(
                    .startTimedOut, "the standby did not reach its primary within \(startSecondsMax) s",
                    detail: directory.logTail())
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
