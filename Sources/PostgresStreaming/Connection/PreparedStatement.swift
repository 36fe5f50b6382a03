import PostgresWire

/// A statement that the server keeps, for as long as this is held: parsed once, checked once, and run with parameters of
/// its own types; see `PostgresConnection.prepare(_:parameters:)`.
///
/// Queries that come again are kept prepared by themselves. A statement of this kind is for what should be checked
/// before it runs for the first time. It belongs to its connection, keeps it open, and takes part in its transactions.
/// What is dropped is closed on the server with the connection's next call.
public struct PreparedStatement<Rows: PreparedRows, each Parameter: PostgresEncodable> {
    private let token: StatementToken
    /// What it takes and returns, as the server said when it was prepared.
    public let description: StatementDescription

    nonisolated(nonsending) init(_ gate: ConnectionGate, _ query: PostgresQuery) async throws(PostgresError) {
        token = StatementToken(gate)
        description = try await token.prepare(query)
        var count = 0
        for _ in repeat (each Parameter).self { count += 1 }
        guard count == description.parameterTypes.count else {
            throw PostgresError(
                .parameterInvalid,
                "the statement has \(description.parameterTypes.count) parameters and \(count) are given types")
        }
        try Rows.check(description.columns)
    }

    /// Runs the statement and returns its rows. Every parameter may be nil, NULL.
    ///
    /// Where a table changed under it outside a transaction, it is prepared again by itself.
    ///
    /// - Throws: as `PostgresConnection.query(_:mode:options:)`; `parameterInvalid` for a value that the parameter's type
    ///   does not have, and nothing is sent.
    public nonisolated(nonsending) func query(
        _ parameter: repeat (each Parameter)?, options: StreamOptions = StreamOptions()
    ) async throws(PostgresError) -> Rows {
        Rows.rows(of: try await run(repeat each parameter, options: options))
    }

    /// Runs the statement to its end and returns what the server said about it.
    ///
    /// - Throws: as `query`.
    @discardableResult
    public nonisolated(nonsending) func execute(
        _ parameter: repeat (each Parameter)?, options: StreamOptions = StreamOptions()
    ) async throws(PostgresError) -> PostgresCommandTag? {
        let stream = try await run(repeat each parameter, options: options)
        var chunks = stream.chunks.makeAsyncIterator()
        while try await chunks.next(isolation: #isolation) != nil {}
        return stream.commandTag
    }

    private nonisolated(nonsending) func run(
        _ parameter: repeat (each Parameter)?, options: StreamOptions
    ) async throws(PostgresError) -> RowStream {
        var parameters = BoundParameters()
        for value in repeat each parameter {
            let index = parameters.count
            do throws(PostgresError) {
                try parameters.append(value, as: description.parameterTypes[index])
            } catch {
                throw PostgresError(error, message: "parameter $\(index + 1): \(error.message)")
            }
        }
        return try await token.run(parameters, options)
    }
}

/// What the rows of a prepared statement become.
public protocol PreparedRows {
    /// Checks at prepare time that rows of these columns can become these.
    static func check(_ columns: [PostgresColumn]) throws(PostgresError)

    /// Makes them of a stream.
    static func rows(of stream: RowStream) -> Self
}

extension RowStream: PreparedRows {
    /// Any columns will do.
    public static func check(_ columns: [PostgresColumn]) throws(PostgresError) {}

    /// The stream itself.
    public static func rows(of stream: RowStream) -> RowStream { stream }
}

extension DecodedTuples: PreparedRows where Columns: CheckedColumns {
    /// As many columns as values, each of a type that its value holds.
    public static func check(_ columns: [PostgresColumn]) throws(PostgresError) { try Columns.check(columns) }

    /// Decodes the rows as they pass.
    public static func rows(of stream: RowStream) -> DecodedTuples { DecodedTuples(stream.source) }
}

/// Columns of which it can be told without a row whether they fit.
public protocol CheckedColumns: ColumnValues {
    /// Throws for columns that cannot be decoded into these.
    static func check(_ columns: [PostgresColumn]) throws(PostgresError)
}

extension Columns: CheckedColumns {
    /// As many columns as values, each of a type that its value holds.
    public static func check(_ columns: [PostgresColumn]) throws(PostgresError) {
        var index = 0
        for value in repeat (each Value).self {
            if index < columns.count { try columns[index].check(decodingInto: value) }
            index += 1
        }
        guard index == columns.count else {
            throw PostgresError(
                .columnMismatch, "the statement returns \(columns.count) columns and \(index) are decoded")
        }
    }
}

extension PostgresColumn {
    /// Throws `typeMismatch` for a type that `Value` does not decode.
    fileprivate func check<Value: PostgresDecodable>(decodingInto value: Value.Type) throws(PostgresError) {
        let nothing: [UInt8] = []
        do throws(PostgresError) {
            _ = unsafe try Value(cell: PostgresCell(nothing.span.bytes, type: type, format: .binary))
        } catch {
            // No bytes are hardly a value; but a type that is refused is refused whatever the bytes.
            guard error.code == .typeMismatch else { return }
            throw PostgresError(.typeMismatch, "column \"\(name)\": \(error.message)", hint: error.hint)
        }
    }
}
