/// The results of several statements in one query string, one after the other.
///
/// ```swift
/// let results = try await connection.results(of: "SELECT 1; UPDATE counter SET n = n + 1; SELECT 2")
/// for try await rows in results {
///     for try await number in rows.decode(Int.self) { print(number) }
/// }
/// ```
///
/// A statement without rows is a result without columns, which has its command tag at once. Asking for the next result
/// reads past the rows of the one before that were not wanted; asking after one that could not be read to its end, because
/// of a limit or a lost connection, throws what that one threw. The statements are one transaction unless they say
/// otherwise, so none of them has taken effect for certain before the sequence is at its end.
public struct RowResults: AsyncSequence {
    /// The rows of one statement.
    public typealias Element = RowStream
    /// Every error is a `PostgresError`.
    public typealias Failure = PostgresError

    private let source: ResultsSource

    init(_ source: ResultsSource) { self.source = source }

    /// Begins the pass over the results.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source, isFirst: source.begin()) }

    /// Steps from result to result.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let source: ResultsSource
        private let isFirst: Bool

        init(_ source: ResultsSource, isFirst: Bool) {
            self.source = source
            self.isFirst = isFirst
        }

        /// Returns the next result, or nil behind the last.
        public mutating func next() async throws(PostgresError) -> RowStream? {
            try await next(isolation: #isolation)
        }

        /// Returns the next result, or nil behind the last.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(PostgresError) -> RowStream? {
            guard isFirst else {
                throw PostgresError(.invalidState, "a sequence of results can be iterated once")
            }
            return try await source.next()
        }
    }
}
