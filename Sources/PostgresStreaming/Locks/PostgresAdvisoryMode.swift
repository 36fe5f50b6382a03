/// Who else may hold an advisory lock at the same time.
public enum PostgresAdvisoryMode: Hashable, Sendable, CaseIterable {
    /// No other session.
    case exclusive
    /// Other sessions that share it.
    case shared

    /// What the names of the server's functions end with.
    var suffix: String { self == .shared ? "_shared" : "" }

    /// The mode's name in `pg_locks`.
    var nameInCatalog: String { self == .shared ? "ShareLock" : "ExclusiveLock" }
}
