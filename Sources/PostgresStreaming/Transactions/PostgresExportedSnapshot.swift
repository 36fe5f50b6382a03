/// What a transaction sees, for others to see the same (manual: "Snapshot Synchronization Functions").
///
/// It is good for as long as the transaction that exported it is open.
public struct PostgresExportedSnapshot: Hashable, Sendable {
    /// The server's name for it, such as `00000003-0000001B-1`.
    public let identifier: String

    /// Creates a snapshot from its name, which may come from another process.
    ///
    /// - Throws: `queryInvalid` for what is no name of a snapshot.
    public init(identifier: String) throws(PostgresError) {
        let isName =
            !identifier.isEmpty && identifier.utf8.count <= 64
            && identifier.utf8.allSatisfy { $0 == UInt8(ascii: "-") || $0.hexadecimalValue != nil }
        guard isName else { throw PostgresError(.queryInvalid, "not the identifier of a snapshot") }
        self.identifier = identifier
    }
}
