/// How a transaction is begun (manual: "SET TRANSACTION").
public struct TransactionOptions: Hashable, Sendable {
    /// What a transaction sees of others that run at the same time.
    public enum Isolation: String, Hashable, Sendable, CaseIterable {
        /// Each statement sees what was committed before it began. The server's usual default.
        case readCommitted = "READ COMMITTED"
        /// All statements see what was committed before the first one began. A conflict fails with 40001.
        case repeatableRead = "REPEATABLE READ"
        /// As if the transactions ran one after the other. A conflict fails with 40001.
        case serializable = "SERIALIZABLE"
    }

    /// What a transaction may do.
    public enum Access: String, Hashable, Sendable, CaseIterable {
        /// It may write.
        case readWrite = "READ WRITE"
        /// It may not.
        case readOnly = "READ ONLY"
    }

    /// The isolation level; nil, the default, leaves it to the server's `default_transaction_isolation`.
    public var isolation: Isolation?
    /// Whether it may write; nil, the default, leaves it to the server's `default_transaction_read_only`.
    public var access: Access?
    /// Whether a serializable transaction that only reads waits until it can run without the risk of a conflict. Has no
    /// effect on any other.
    public var isDeferrable = false
    /// What to see: the snapshot that another transaction exported. Without an isolation level it is repeatable read.
    public var snapshot: PostgresExportedSnapshot?
    /// Whether the transaction's number is asked for, so that what became of a commit whose answer was lost can be found out.
    /// It rides with the first statement that writes (`INSERT`, `UPDATE`, `DELETE`, `MERGE`), else with the commit, and
    /// costs the server one more statement.
    public var tracksCommit = false

    /// The time for the transaction up to its COMMIT; nil, the default: no limit. A statement that runs into it, or is
    /// begun after it, fails with `queryTimedOut`; where that leaves the body the transaction is rolled back, and may be
    /// run again (`isRetrySafe`). What `body` does besides its statements is not interrupted.
    public var timeout: Duration?
    /// How long the answer to COMMIT is waited for; nil, the default, for the configuration's `commitTimeout`. After that
    /// the connection is closed and the error is `commitUnknown`.
    public var commitTimeout: Duration?

    /// Creates options that leave everything to the server.
    public init() {}

    /// Creates options and changes them.
    public init(_ change: (inout TransactionOptions) -> Void) {
        self.init()
        change(&self)
    }

    /// The commands that begin such a transaction.
    var commands: [String] {
        var begin = "BEGIN"
        if let isolation = isolation ?? (snapshot == nil ? nil : .repeatableRead) {
            begin += " ISOLATION LEVEL \(isolation.rawValue)"
        }
        if let access { begin += " \(access.rawValue)" }
        if isDeferrable { begin += " DEFERRABLE" }
        guard let snapshot else { return [begin] }
        return [begin, "SET TRANSACTION SNAPSHOT '\(snapshot.identifier)'"]
    }
}
