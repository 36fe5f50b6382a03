extension PostgresCopying {
    /// Copies a table or a query's result from here into a table elsewhere: the data is handed on as it comes.
    ///
    /// ```swift
    /// try await old.copy(from: .table("orders"), into: .table("orders"), on: new)
    /// ```
    ///
    /// All rows take effect when the source has come to its end, or none. Memory stays at a few buffers; the faster side waits
    /// for the slower one.
    ///
    /// - Parameters:
    ///   - source: what is copied.
    ///   - target: where it goes.
    ///   - other: the connection, transaction or pool that it goes to; another one than this.
    ///   - format: how the data is written; nil for binary where both sides have the same types, which are built in and mean
    ///     the same on every server, and text where not or where rows with errors are to be left out.
    ///   - reading: limits of memory and time, and the name in metrics, of what comes from here.
    ///   - writing: the same of what goes there.
    ///   - progress: is told how many rows and bytes were handed on, after each chunk.
    /// - Throws: as `copyOut` and `copyIn`; then nothing takes effect.
    @discardableResult
    public nonisolated(nonsending) func copy(
        from source: PostgresCopySource, into target: PostgresCopyTarget, on other: some PostgresCopying,
        as format: PostgresCopyFormat? = nil, reading: StreamOptions = StreamOptions(),
        writing: PostgresCopyInput = PostgresCopyInput(), progress: (PostgresCopyProgress) -> Void = { _ in }
    ) async throws -> PostgresCopyResult {
        var chosen = format
        if chosen == nil { chosen = try await self.format(from: source, into: target, on: other, writing.server) }
        let format = chosen ?? .text
        let sql = try target.statement(as: format, options: writing.server)
        return try await other.copyIn("\(unsafeSQL: sql)", mode: .extended, options: writing) { writer async throws in
            var told = PostgresCopyProgress()
            var rows = CopyRowCount(isBinary: format.isBinary, hasHeader: format.hasHeader)
            for try await chunk in try await self.copyOut(from: source, as: format, options: reading) {
                try await writer.write(chunk)
                rows.add(chunk)
                told.rowCount = rows.count
                told.bytes += chunk.byteCount
                progress(told)
            }
        }
    }

    /// Binary where both sides have the same types and the server is told nothing that binary does not have, else text.
    private nonisolated(nonsending) func format(
        from source: PostgresCopySource, into target: PostgresCopyTarget, on other: some PostgresCopying,
        _ options: PostgresCopyOptions
    ) async throws(PostgresError) -> PostgresCopyFormat {
        guard options.onError == .stop else { return .text }
        return try await hasSameTypes(source, target, other) ? .binary : .text
    }

    /// Whether the values of source and target have the same binary form.
    private nonisolated(nonsending) func hasSameTypes(
        _ source: PostgresCopySource, _ target: PostgresCopyTarget, _ other: some PostgresCopying
    ) async throws(PostgresError) -> Bool {
        let from: CopyColumns
        if let table = source.table {
            from = try await CopyColumns(of: table.name, table.columns) { question throws(PostgresError) in
                try await self.query(question)
            }
        } else if let query = source.query, CopyColumns.mayBeAsked(query) {
            from = try await CopyColumns(of: query) { question throws(PostgresError) in
                try await self.query(question)
            }
        } else {
            return false
        }
        let to = try await CopyColumns(of: target.name, target.columns) { question throws(PostgresError) in
            try await other.query(question)
        }
        return from.isTheSameInBinary(as: to)
    }
}

extension CopyColumns {
    /// Whether values of these columns can be read in binary by those of a table that may be on another server.
    fileprivate func isTheSameInBinary(as other: CopyColumns) -> Bool {
        columns.count == other.columns.count
            && zip(columns, other.columns).allSatisfy { column, other in
                if column.isTextInBinary { return other.isTextInBinary }
                return column.type == other.type && column.type.meansTheSameEverywhere
            }
    }
}

extension PostgresType {
    /// Whether the type is built in, and its binary form does not hold object IDs, which differ from server to server.
    fileprivate var meansTheSameEverywhere: Bool {
        if let elementType { return elementType.meansTheSameEverywhere }
        return isBuiltIn && !description.hasPrefix("reg") && self != .aclitem && self != .record
    }
}
