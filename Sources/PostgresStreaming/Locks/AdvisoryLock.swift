import PostgresTransport

/// An advisory lock, and what is said to get it and to give it back.
struct AdvisoryLock: Hashable, Sendable {
    /// What ends the lock at the latest.
    enum Scope { case session, transaction }

    let key: PostgresAdvisoryKey
    let mode: PostgresAdvisoryMode

    /// Asks for the lock without waiting; the answer says whether it was granted.
    func trying(_ scope: Scope) -> PostgresQuery {
        let function = "pg_try_advisory\(scope.infix)_lock\(mode.suffix)"
        return "SELECT pg_catalog.\(unsafeSQL: function)(\(key.arguments))"
    }

    /// Asks for the lock and waits for it, for `limit` at most: then the server ends the statement (55P03).
    ///
    /// It is one statement. `lock_timeout` is set before the lock is asked for, within the transaction only, and set back
    /// afterwards for what follows in the transaction. OFFSET keeps the three steps in their order.
    func waiting(_ scope: Scope, for limit: Duration) -> PostgresQuery {
        let milliseconds = min(max(limit.nanoseconds / 1_000_000, 1), Int64(Int32.max))
        let function = "pg_advisory\(scope.infix)_lock\(mode.suffix)"
        return """
            SELECT pg_catalog.set_config('lock_timeout', locked.previous, true) IS NOT NULL FROM (
                SELECT limited.previous, pg_catalog.\(unsafeSQL: function)(\(key.arguments)) FROM (
                    SELECT pg_catalog.current_setting('lock_timeout') AS previous,
                        pg_catalog.set_config('lock_timeout', \("\(milliseconds)ms")::pg_catalog.text, true) OFFSET 0
                ) AS limited OFFSET 0
            ) AS locked
            """
    }

    /// Gives the lock back, once; the answer says whether the session held it.
    var unlocking: PostgresQuery { "SELECT \(unlockCall)" }

    /// Gives the lock back if the session holds it, without the server's warning where it does not.
    var unlockingIfHeld: PostgresQuery {
        let shown = key.inCatalog
        return """
            SELECT \(unlockCall) FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND granted
                AND pid = pg_catalog.pg_backend_pid() AND mode = \(mode.nameInCatalog)::pg_catalog.text
                AND database =
                    (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
                AND classid = \(shown.high)::pg_catalog.oid AND objid = \(shown.low)::pg_catalog.oid
                AND objsubid = \(shown.kind)::pg_catalog.int2
            LIMIT 1
            """
    }

    private var unlockCall: PostgresQuery {
        "pg_catalog.\(unsafeSQL: "pg_advisory_unlock\(mode.suffix)")(\(key.arguments))"
    }
}

extension AdvisoryLock.Scope {
    /// What stands in the middle of the names of the server's functions.
    fileprivate var infix: String { self == .transaction ? "_xact" : "" }
}
