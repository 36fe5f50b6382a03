import PostgresWire

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

extension PostgresConnection {
    /// Runs several statements, separated by semicolons, by the simple protocol: without parameters and with values as
    /// text. Leaving the sequence early cancels what is left of them.
    ///
    /// - Throws: as `query`; an error of a statement is thrown where its result would be.
    public nonisolated(nonsending) func results(
        of query: PostgresQuery, options: StreamOptions = StreamOptions()
    ) async throws(PostgresError) -> RowResults {
        try await lease.results(of: query, options)
    }
}

extension PostgresTransaction {
    /// Runs several statements in the transaction; see `PostgresConnection.results(of:options:)`.
    ///
    /// - Throws: as `query`; an error of a statement is thrown where its result would be.
    public nonisolated(nonsending) func results(
        of query: PostgresQuery, options: StreamOptions = StreamOptions()
    ) async throws(PostgresError) -> RowResults {
        try await scope.lease.results(of: query, options, in: scope)
    }
}

extension ConnectionGate {
    fileprivate nonisolated(nonsending) func results(
        of query: PostgresQuery, _ options: StreamOptions, in scope: (any StatementScope)? = nil
    ) async throws(PostgresError) -> RowResults {
        let driver = try await begin(in: scope)
        do throws(PostgresError) {
            guard !Task.isCancelled else { throw PostgresError(.cancelled, "the task was cancelled") }
            if let commands = scope?.pending, !commands.isEmpty {
                scope?.noteSent()
                try await driver.control(within: scope?.time) { driver throws(PostgresError) in
                    try await driver.run(commands: commands)
                }
            }
            try driver.start(.text(query, .simple))
        } catch {
            driver.session.isIdle ? finish() : leave()
            scope?.note(error)
            throw await settled(error)
        }
        return RowResults(ResultsSource(lease: self, driver, query, completed(options), in: scope))
    }
}
