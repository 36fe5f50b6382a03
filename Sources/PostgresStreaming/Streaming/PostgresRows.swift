/// What comes out of a query row by row: a stream of rows, or one of the values that they were decoded into.
///
/// The standard library's terminal operations leave the caller's actor, which a stream must not; these do not.
public protocol PostgresRows: AsyncSequence where Failure == PostgresError {}

/// What reads a source of rows that is known.
protocol StreamBacked {
    var source: StreamSource { get }
}

extension RowStream: StreamBacked {}
extension DecodedTuples: StreamBacked {}
extension DecodedRows: StreamBacked {}
extension CodableRows: StreamBacked {}

extension RowStream: PostgresRows {}
extension DecodedTuples: PostgresRows {}
extension DecodedRows: PostgresRows {}
extension CodableRows: PostgresRows {}

extension PostgresRows {
    /// Returns everything. Memory grows with the result.
    ///
    /// - Throws: what the stream throws; `resultTooLarge` for more than `rowsMax` rows, and the query is left.
    @_disfavoredOverload
    public nonisolated(nonsending) func collect(rowsMax: Int = .max) async throws(PostgresError) -> [Element] {
        var elements: [Element] = []
        var iterator = makeAsyncIterator()
        while let element = try await iterator.next(isolation: #isolation) {
            guard elements.count < rowsMax else { throw .tooLarge("\(rowsMax) rows") }
            elements.append(element)
        }
        return elements
    }

    /// Returns the first row, or nil if there is none.
    ///
    /// The rest of a small result, and of a statement that says by its words that it writes (`INSERT … RETURNING`), is read
    /// and dropped, and what the statement fails with after its first row is thrown. The rest of a long result is left, as
    /// by `break`: better say `LIMIT 1`. Inside a transaction, where leaving it would fail the block, the rest is read
    /// instead, for as long as the configuration's `cleanUpTimeout`.
    ///
    /// - Throws: what the stream throws.
    public nonisolated(nonsending) func first() async throws(PostgresError) -> Element? {
        var iterator = makeAsyncIterator()
        let element = try await iterator.next(isolation: #isolation)
        if element != nil { try await (self as? any StreamBacked)?.source.dropRest() }
        // It leaves the query when it goes away.
        extendLifetime(iterator)
        return element
    }

    /// Returns the only row.
    ///
    /// - Throws: what the stream throws; `unexpectedRowCount` if there is none, or another one, which leaves the query.
    public nonisolated(nonsending) func only() async throws(PostgresError) -> Element {
        guard let element = try await onlyOrNone() else {
            throw PostgresError(.unexpectedRowCount, "the query returned no row where one is expected")
        }
        return element
    }

    /// Returns the only row, or nil if there is none.
    ///
    /// - Throws: what the stream throws; `unexpectedRowCount` if there is another one, which leaves the query.
    public nonisolated(nonsending) func onlyOrNone() async throws(PostgresError) -> Element? {
        var iterator = makeAsyncIterator()
        guard let element = try await iterator.next(isolation: #isolation) else { return nil }
        guard try await iterator.next(isolation: #isolation) == nil else {
            throw PostgresError(.unexpectedRowCount, "the query returned more than one row")
        }
        return element
    }
}

extension PostgresError {
    /// The error for a result that is larger than its reader allows.
    static func tooLarge(_ limit: String) -> PostgresError {
        PostgresError(
            .resultTooLarge, "the result is larger than the limit of \(limit)",
            hint: "Raise the limit, limit the query, or read the rows as a stream.")
    }
}
