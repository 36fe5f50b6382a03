extension PostgresCopying {
    /// Copies rows into a table: `body` writes them, and they take effect when it has returned.
    ///
    /// ```swift
    /// try await connection.copyIn(into: .table("orders", columns: ["id", "name"])) { writer in
    ///     for order in orders { try await writer.write(order.id, order.name) }
    /// }
    /// ```
    ///
    /// The types of the columns are asked for first, and each value is written as the type of its column. In binary, which is
    /// the default and the fastest, a column of a type that is not built in takes values only if it is an enum, or received as
    /// text; copy others as `.text` or `.csv`.
    ///
    /// - Parameters:
    ///   - target: the table, and the columns of which rows have values.
    ///   - format: how the rows are written.
    ///   - options: limits, what the server is told, and the name in metrics.
    ///   - body: what writes the rows.
    /// - Throws: what `body` throws, and then nothing takes effect; `queryInvalid` for options that the server would refuse,
    ///   `columnMismatch` for a column that the table does not have; otherwise as `copyIn` of a statement.
    @discardableResult
    public nonisolated(nonsending) func copyIn<Failure: Error>(
        into target: PostgresCopyTarget, as format: PostgresCopyFormat = .binary,
        options: PostgresCopyInput = PostgresCopyInput(),
        _ body: nonisolated(nonsending) (PostgresCopyWriter) async throws(Failure) -> Void
    ) async throws -> PostgresCopyResult {
        let sql = try target.statement(as: format, options: options.server)
        let columns = try await CopyColumns(of: target.name, target.columns) { question throws(PostgresError) in
            try await self.query(question)
        }
        return try await copyIn("\(unsafeSQL: sql)", mode: .extended, options: options) { data async throws in
            let writer = try PostgresCopyWriter(data.run, columns, format)
            try await body(writer)
            try await writer.finish()
        }
    }

    /// Copies the rows of a sequence into a table; see `copyIn(into:as:options:_:)`.
    ///
    /// - Parameters:
    ///   - target: the table, and the columns of which rows have values.
    ///   - format: how the rows are written.
    ///   - rows: what is copied; it is gone through once.
    ///   - options: limits, what the server is told, and the name in metrics.
    ///   - progress: is told how many rows were sent, each time that a buffer of them was, and when all were.
    /// - Throws: as that form.
    @inlinable
    @discardableResult
    public nonisolated(nonsending) func copyIn<Rows: Sequence>(
        into target: PostgresCopyTarget, as format: PostgresCopyFormat = .binary, from rows: Rows,
        options: PostgresCopyInput = PostgresCopyInput(), progress: (PostgresCopyProgress) -> Void = { _ in }
    ) async throws -> PostgresCopyResult where Rows.Element: RowEncodable {
        try await copyIn(into: target, as: format, options: options) { writer async throws in
            for row in rows where try writer.rows.append(row) { try await writer.send(progress) }
            try await writer.finish(progress)
        }
    }

    /// Copies the rows of an asynchronous sequence into a table; see `copyIn(into:as:options:_:)`. The sequence is asked for
    /// more only as fast as the server takes it.
    ///
    /// - Throws: as that form, and what the sequence throws; then nothing takes effect.
    @inlinable
    @discardableResult
    public nonisolated(nonsending) func copyIn<Rows: AsyncSequence>(
        into target: PostgresCopyTarget, as format: PostgresCopyFormat = .binary, from rows: Rows,
        options: PostgresCopyInput = PostgresCopyInput(), progress: (PostgresCopyProgress) -> Void = { _ in }
    ) async throws -> PostgresCopyResult where Rows.Element: RowEncodable {
        try await copyIn(into: target, as: format, options: options) { writer async throws in
            var iterator = rows.makeAsyncIterator()
            while let row = try await iterator.next(isolation: #isolation) {
                if try writer.rows.append(row) { try await writer.send(progress) }
            }
            try await writer.finish(progress)
        }
    }

    /// Copies the rows of a sequence of tuples into a table; see `copyIn(into:as:options:_:)`.
    ///
    /// - Throws: as that form.
    @_disfavoredOverload
    @inlinable
    @discardableResult
    public nonisolated(nonsending) func copyIn<Rows: Sequence, each Value: PostgresEncodableElement>(
        into target: PostgresCopyTarget, as format: PostgresCopyFormat = .binary, from rows: Rows,
        options: PostgresCopyInput = PostgresCopyInput(), progress: (PostgresCopyProgress) -> Void = { _ in }
    ) async throws -> PostgresCopyResult where Rows.Element == (repeat each Value) {
        try await copyIn(into: target, as: format, options: options) { writer async throws in
            for row in rows where try writer.append(repeat each row) { try await writer.send(progress) }
            try await writer.finish(progress)
        }
    }

    /// Copies the rows of an asynchronous sequence of tuples into a table; see `copyIn(into:as:options:_:)`.
    ///
    /// - Throws: as that form, and what the sequence throws; then nothing takes effect.
    @_disfavoredOverload
    @inlinable
    @discardableResult
    public nonisolated(nonsending) func copyIn<Rows: AsyncSequence, each Value: PostgresEncodableElement>(
        into target: PostgresCopyTarget, as format: PostgresCopyFormat = .binary, from rows: Rows,
        options: PostgresCopyInput = PostgresCopyInput(), progress: (PostgresCopyProgress) -> Void = { _ in }
    ) async throws -> PostgresCopyResult where Rows.Element == (repeat each Value) {
        try await copyIn(into: target, as: format, options: options) { writer async throws in
            var iterator = rows.makeAsyncIterator()
            while let row = try await iterator.next(isolation: #isolation) {
                if try writer.append(repeat each row) { try await writer.send(progress) }
            }
            try await writer.finish(progress)
        }
    }
}
