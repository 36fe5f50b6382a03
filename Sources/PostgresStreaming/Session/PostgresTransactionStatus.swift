import PostgresWire

/// Whether a transaction block is open on a connection.
public enum PostgresTransactionStatus: Hashable, Sendable {
    /// None is.
    case idle
    /// One is.
    case inTransaction
    /// One is, and it has failed: it can only be rolled back.
    case failed

    init(_ status: TransactionStatus) {
        self =
            switch status {
            case .idle: .idle
            case .inTransaction: .inTransaction
            case .failed: .failed
            }
    }
}

/// A run-time parameter that the server reports has a new value.
public struct PostgresParameterChange: Hashable, Sendable {
    /// The parameter's name, such as `TimeZone`.
    public let name: String
    /// Its new value.
    public let value: String

    /// About how much memory it takes.
    var byteCount: Int { MemoryLayout<Self>.stride + name.heapByteCount + value.heapByteCount }
}
