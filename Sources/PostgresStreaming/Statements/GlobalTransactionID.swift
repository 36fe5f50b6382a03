/// The name under which a transaction is prepared, which its coordinator chooses (manual: "PREPARE TRANSACTION").
struct GlobalTransactionID: Hashable, Sendable {
    /// The name as a literal of SQL, which nothing in it can end.
    let literal: String

    /// - Throws: `queryInvalid` for what no server accepts.
    init(_ text: String) throws(PostgresError) {
        let reason: String
        switch text.utf8.count {
        case 0: reason = "it is empty"
        case 1...Self.bytesMax where !text.utf8.contains(0):
            literal = SQLLiteral(text).text
            return
        case 1...Self.bytesMax: reason = "it holds a NUL character"
        default: reason = "it has more than \(Self.bytesMax) bytes"
        }
        throw PostgresError(.queryInvalid, "not the identifier of a prepared transaction: \(reason)")
    }

    private static let bytesMax = 199
}
