import PostgresStreaming

extension SettingKey {
    private typealias Pool = PostgresPoolConfiguration

    /// The settings of the pool, as `PostgresPoolConfiguration` has them.
    static let pool = [
        count("connections_min", \.connectionsMin, 0, "Connections that are kept open without use."),
        count("connections_max", \.connectionsMax, 1, "Maximum connections, including those opening or closing."),
        time("idle_timeout", \.idleTimeout, "After this time without use a connection is closed."),
        time("lifetime_max", \.lifetimeMax, "A connection that is older is closed after its lease."),
        SettingKey(
            "pool.lifetime_jitter", .fraction, "The part of lifetime_max by which lifetimes differ at random.",
            default: "0.1"
        ) { value, _, pool in
            if case .fraction(let number) = value { pool.lifetimeJitter = number }
        },
        time("lease_timeout", \.leaseTimeout, "How long a call waits for a connection."),
        count("waiters_max", \.waitersMax, 0, "Maximum calls that wait for a connection."),
        optionalTime("overload_target", \.overloadTarget, "Calls are turned away while all waited longer than this."),
        time("overload_interval", \.overloadInterval, "The time over which waiting is judged for overload_target."),
        time("check_idle_time", \.checkIdleTime, "A connection without use for longer is checked before it is lent."),
        time("check_timeout", \.checkTimeout, "How long a check or a reset may take."),
        SettingKey(
            "pool.reset", .word(["keep-statements", "discard-all", "nothing"]),
            "What is done with a session between two leases.", default: "keep-statements"
        ) { value, _, pool in
            guard case .text(let text) = value else { return }
            pool.reset = text == "discard-all" ? .discardAll : text == "nothing" ? .nothing : .keepStatements
        },
        optionalTime(
            "long_lease_threshold", \.longLeaseThreshold, "A lease that is longer is reported to the observer."),
        time("backoff_min", \.backoffMin, "The pause after a failed attempt to connect; doubled with each."),
        time("backoff_max", \.backoffMax, "The longest such pause."),
        time("answered_backoff_max", \.answeredBackoffMax, "The longest such pause while the host answers."),
        time("host_recheck_interval", \.hostRecheckInterval, "How long the pool goes by what it found at a server."),
        time("shutdown_timeout", \.shutdownTimeout, "How long closing waits for leases."),
    ]

    /// Limits of the connections, as `PostgresConfiguration` has them.
    static let limits = [
        limit("connect_timeout", \.connectTimeout, "The time for connecting, all hosts and addresses together."),
        SettingKey(
            "limits.query_timeout", .duration,
            "The time for a query that has none of its own; without it there is none."
        ) { value, connection, _ in
            if case .duration(let time) = value { connection.queryTimeout = time }
        },
        limit("control_timeout", \.controlTimeout, "The time for a call that sends no query of the caller's."),
        limit("commit_timeout", \.commitTimeout, "How long the answer to COMMIT is waited for."),
        limit("cleanup_timeout", \.cleanUpTimeout, "The time for leaving a query and rolling back."),
        limit("cancel_timeout", \.cancelTimeout, "The time for a cancel request."),
        limit("close_timeout", \.closeTimeout, "How long closing waits for a clean-up."),
        SettingKey(
            "limits.row_bytes_max", .integer(1...(1 << 30 - 1)), "The longest row that is accepted, in bytes.",
            default: "\(64 << 20)"
        ) { value, connection, _ in
            if case .integer(let count) = value { connection.rowBytesMax = count }
        },
    ]

    /// The SSH tunnel, which `TunnelSettings` reads.
    static let ssh = [
        SettingKey("ssh.host", .text, "The host that the tunnel goes through."),
        SettingKey("ssh.port", .integer(1...65_535), "The port of its SSH server.", default: "22"),
        SettingKey("ssh.user", .text, "The user to log in as there; by default that of this process."),
        SettingKey("ssh.key", .path, "The file of the private key; without it those of ssh and of its agent."),
        SettingKey("ssh.jump", .text, "Hosts on the way, as user@host:port, separated by commas."),
        SettingKey("ssh.known_hosts", .path, "The file of host keys; without it that of ssh."),
        SettingKey("ssh.connect_timeout", .duration, "The time for opening the tunnel.", default: "10s"),
        SettingKey(
            "ssh.alive_interval", .duration,
            "After this silence the host is asked for a sign of life; after three it is gone.",
            default: "15s"),
    ]

    private static func count(
        _ name: String, _ path: any WritableKeyPath<Pool, Int> & Sendable, _ least: Int, _ summary: String
    ) -> SettingKey {
        SettingKey(
            "pool.\(name)", .integer(least...1_000_000), summary, default: "\(Pool()[keyPath: path])"
        ) { value, _, pool in
            if case .integer(let count) = value { pool[keyPath: path] = count }
        }
    }

    private static func time(
        _ name: String, _ path: any WritableKeyPath<Pool, Duration> & Sendable, _ summary: String
    ) -> SettingKey {
        SettingKey("pool.\(name)", .duration, summary, default: written(Pool()[keyPath: path])) { value, _, pool in
            if case .duration(let time) = value { pool[keyPath: path] = time }
        }
    }

    private static func optionalTime(
        _ name: String, _ path: any WritableKeyPath<Pool, Duration?> & Sendable, _ summary: String
    ) -> SettingKey {
        SettingKey(
            "pool.\(name)", .duration, summary, default: Pool()[keyPath: path].map(written)
        ) { value, _, pool in
            if case .duration(let time) = value { pool[keyPath: path] = time }
        }
    }

    private static func limit(
        _ name: String, _ path: any WritableKeyPath<PostgresConfiguration, Duration> & Sendable, _ summary: String
    ) -> SettingKey {
        let usual = PostgresConfiguration(endpoint: .tcp(host: ""), user: "")
        return SettingKey(
            "limits.\(name)", .duration, summary, default: written(usual[keyPath: path])
        ) { value, connection, _ in
            if case .duration(let time) = value { connection[keyPath: path] = time }
        }
    }

    /// A time as it is written in a document.
    private static func written(_ time: Duration) -> String {
        let milliseconds = Int64(time / .milliseconds(1))
        return milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
    }
}
