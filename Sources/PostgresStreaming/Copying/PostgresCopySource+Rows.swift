import PostgresWire

extension PostgresCopySource {
    /// Finds out the columns of the rows.
    nonisolated(nonsending) func columns(
        on gate: ConnectionGate, in scope: (any StatementScope)?
    ) async throws(PostgresError) -> ColumnLayout {
        if let query {
            let description = try await StatementDescription.of(query, on: gate)
            return ColumnLayout((description.descriptions ?? []).map { $0.written(in: .binary) })
        }
        guard let table else { return ColumnLayout([]) }
        return try await CopyColumns(of: table.name, table.columns) { question throws(PostgresError) in
            try await RowStream.run(.text(question, .extended), gate.controlOptions, on: gate, in: scope)
        }.layout
    }

    /// Runs a COPY in the binary format, whose tuples are the rows.
    nonisolated(nonsending) func rows(
        of columns: ColumnLayout, _ options: StreamOptions, on gate: ConnectionGate, in scope: (any StatementScope)?
    ) async throws(PostgresError) -> RowStream {
        let copy = CopyStatement(sql: try statement(as: .binary), .extended, .toClient)
        return RowStream(try await copy.run(options, as: columns, on: gate, in: scope).source)
    }
}
