extension RowStream {
    /// Decodes every row into `Value`, whose properties are named as the columns are, or in camel case what the columns
    /// are in snake case: `customerID` is read from `customer_id`.
    ///
    /// - A column that is missing is an error, unless the property is optional; then it is nil, as NULL is.
    /// - Columns without a property are skipped. A name that several columns have is an error if a property needs it.
    /// - A property may be any `PostgresDecodable`, or a type that reads a single value, such as an enum with a raw
    ///   value. Types with members of their own are refused: make them `PostgresDecodable`.
    ///
    /// A row that cannot be decoded throws and ends the stream. Costs an allocation per row and a few calls per column;
    /// `RowDecodable` costs neither.
    @_disfavoredOverload
    public func decode<Value: Decodable>(_ type: Value.Type = Value.self) -> CodableRows<Value> {
        CodableRows(source)
    }
}

/// The rows of a query, each as a value of a `Decodable` type.
public struct CodableRows<Element: Decodable>: AsyncSequence {
    /// Every error is a `PostgresError`.
    public typealias Failure = PostgresError

    let source: StreamSource

    init(_ source: StreamSource) { self.source = source }

    /// Begins the pass over the rows.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source.begin(decoding: Element.self)) }

    /// Steps from row to row.
    public struct AsyncIterator: AsyncIteratorProtocol {
        @usableFromInline let pass: StreamPass
        @usableFromInline var rows: CodableChunk<Element>

        init(_ pass: StreamPass) {
            self.pass = pass
            rows = CodableChunk(pass.source.layout)
        }

        /// Returns the next row's value, or nil at the end of the result.
        @inlinable
        @inline(always)
        public mutating func next() async throws(PostgresError) -> Element? {
            try await next(isolation: #isolation)
        }

        /// Returns the next row's value, or nil at the end of the result.
        @inlinable
        @inline(always)
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(PostgresError) -> Element? {
            if rows.isAtEnd {
                // Let go of the buffer first, so that it can be filled again.
                rows.leave()
                guard let chunk = try await pass.nextChunk(isolation: actor) else { return nil }
                rows.enter(chunk)
            }
            do throws(PostgresError) {
                return try rows.next()
            } catch {
                let rowsLeft = rows.count - rows.position
                rows.leave()
                throw pass.failed(error, rowsLeft: rowsLeft)
            }
        }
    }
}
