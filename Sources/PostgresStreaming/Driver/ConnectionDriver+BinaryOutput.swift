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
        let answer = try await ask(BinaryOutput.query(unknown))
        let missing = (answer ?? "").split(separator: ",").compactMap { UInt32($0) }
        statements.binaryOutput.note(unknown, missing: Set(missing))
    }
}
