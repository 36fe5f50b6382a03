import PostgresWire

extension ConnectionDriver {
    /// Whether the columns of a statement have to be known before it runs.
    func hasToDescribe(_ statement: KnownStatement) -> Bool {
        guard !statement.isDescribed else { return false }
        let isInBlock = session.transactionStatus == .inTransaction
        return statement.isToBeDescribed(isInBlock: isInBlock && !statements.binaryOutput.isHarmless(statement.key))
    }

    /// Asks the catalogue which of these columns have a type that cannot be sent in binary, as far as that is not known.
    nonisolated(nonsending) func findBinaryOutput(of columns: [ColumnDescription]) async throws(PostgresError) {
        let own = columns.filter(\.isOfOwnType).map(\.typeOID)
        let unknown = statements.binaryOutput.unknown(own)
        guard !unknown.isEmpty else { return }
        try startAsking(BinaryOutput.query(unknown))
        var answer: String?
        var failure: PostgresError?
        while true {
            switch try await advance() {
            case .rows(let rows): answer = try firstRow(of: rows, textColumns: "types")?.decode(String?.self)
            case .failed(let fields, _):
                failure = PostgresError(statement: fields, hasLeftTransaction: hasLeftTransaction)
            case .ready:
                if let failure { throw failure }
                let missing = (answer ?? "").split(separator: ",").compactMap { UInt32($0) }
                return statements.binaryOutput.note(unknown, missing: Set(missing))
            default: break
            }
        }
    }
}
