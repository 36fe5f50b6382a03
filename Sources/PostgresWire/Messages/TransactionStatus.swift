/// The server's transaction status, as ReadyForQuery reports it.
package enum TransactionStatus: UInt8, Hashable, Sendable {
    /// Not in a transaction block.
    case idle = 0x49  // "I"
    /// In a transaction block.
    case inTransaction = 0x54  // "T"
    /// In a failed transaction block: everything is refused until it ends.
    case failed = 0x45  // "E"
}
