extension PostgresClient: PostgresConnectionSource, PostgresQuerying {
    /// Lends a connection for as long as `body` runs.
    ///
    /// The connection is the caller's alone meanwhile. What `body` leaves open, a stream or a transaction, is ended; where
    /// that cannot be done the connection is closed. A second lease within the first needs a second connection.
    ///
    /// - Throws: what `body` throws; `poolTimedOut`, or what the last attempt to connect met, where no connection became
    ///   free in time; at once what no further attempt would change, such as `authenticationFailed`; `poolQueueFull`,
    ///   `poolOverloaded`, `leaseNested`, `poolClosed`, `cancelled`.
    @discardableResult
    public nonisolated(nonsending) func withConnection<Result, Failure: Error>(
        _ body: nonisolated(nonsending) (PostgresConnection) async throws(Failure) -> Result
    ) async throws -> Result {
        try await withConnection(label: nil, body)
    }

    /// Lends a connection for as long as `body` runs; waits for it for `leaseTimeout`, or `limit` where that is shorter.
    ///
    /// - Throws: as `withConnection(_:)`.
    @discardableResult
    public nonisolated(nonsending) func withConnection<Result, Failure: Error>(
        within limit: Duration?, _ body: nonisolated(nonsending) (PostgresConnection) async throws(Failure) -> Result
    ) async throws -> Result {
        let own = pool.settings.leaseTimeout
        return try await withConnection(label: nil, timeout: limit.map { min($0, own) }, body)
    }

    /// Lends a connection for as long as `body` runs, under a name and with a time limit of its own.
    ///
    /// - Parameters:
    ///   - label: what the lease is called where it is reported as too long; never a value.
    ///   - timeout: how long to wait for a connection; nil for the pool's `leaseTimeout`.
    ///   - body: what is done with the connection.
    /// - Throws: as `withConnection(_:)`.
    @discardableResult
    public nonisolated(nonsending) func withConnection<Result, Failure: Error>(
        label: String?, timeout: Duration? = nil,
        _ body: nonisolated(nonsending) (PostgresConnection) async throws(Failure) -> Result
    ) async throws -> Result {
        let (connection, home) = try await pool.lend(label: label, timeout: timeout)
        do {
            let result = try await body(connection)
            home.takeBack(connection.gate.revoke())
            return result
        } catch {
            home.takeBack(connection.gate.revoke())
            throw error
        }
    }

    /// Makes sure that there is a connection, or says what is in the way: for a program that wants to know at its start
    /// whether its configuration works. Other calls go on trying for as long as `leaseTimeout`; this one tries once.
    ///
    /// - Throws: what the attempt to connect met, see `PostgresConnection.connect(_:)`; otherwise as `withConnection(_:)`.
    public nonisolated(nonsending) func connect() async throws(PostgresError) {
        let (connection, home) = try await pool.lend(label: nil, timeout: nil, isImpatient: true)
        home.takeBack(connection.gate.revoke())
    }

    /// Lends a connection and runs `body` as a transaction on it; see
    /// `PostgresConnection.withTransaction(isolation:options:_:)`. `withRetryingTransaction` does so again after conflicts
    /// and lost connections.
    ///
    /// - Throws: as `withConnection(_:)`, and as the transaction.
    @discardableResult
    public nonisolated(nonsending) func withTransaction<Result, Failure: Error>(
        isolation: TransactionOptions.Isolation? = nil, options: TransactionOptions = TransactionOptions(),
        _ body: nonisolated(nonsending) (inout PostgresTransaction) async throws(Failure) -> Result
    ) async throws -> Result {
        try await withConnection { connection in
            try await connection.withTransaction(isolation: isolation, options: options, body)
        }
    }

    /// Lends a connection for one query and returns its rows as a stream.
    ///
    /// The connection goes back when the stream ends, is left, dropped or cancelled. `options.name` is the lease's label.
    ///
    /// - Throws: as `withConnection(_:)`, and as `PostgresConnection.query(_:mode:options:)`.
    public nonisolated(nonsending) func query(
        _ query: PostgresQuery, mode: QueryMode = .extended, options: StreamOptions = StreamOptions()
    ) async throws(PostgresError) -> RowStream {
        let (connection, home) = try await pool.lend(label: options.name, timeout: nil, isForStream: true)
        connection.gate.endsWithNextVerb(home)
        do throws(PostgresError) {
            return try await RowStream.run(.text(query, mode), options, on: connection.gate)
        } catch {
            connection.gate.goBack()
            throw error
        }
    }

    /// As `query`, in a transaction that may only read, for sessions that were not begun read-only: `BEGIN READ ONLY` goes
    /// out with the query, and `COMMIT` when the connection is on its way back, so that no call waits for either.
    package nonisolated(nonsending) func queryReadOnly(
        _ query: PostgresQuery, options: StreamOptions
    ) async throws(PostgresError) -> RowStream {
        let (connection, home) = try await pool.lend(label: options.name, timeout: nil, isForStream: true)
        return try await RowStream.runReadOnly(query, options, on: connection.gate, goingBack: home)
    }

    /// Runs `body` on the event loop that reads the connections' sockets, where waiting for them needs no other thread; see
    /// `PostgresConnection.onEventLoop(_:)` for when that pays and what it asks of `body`.
    @concurrent
    public func onEventLoop<Result>(
        _ body: sending @escaping @concurrent (PostgresClient) async throws -> sending Result
    ) async throws -> sending Result {
        try await PostgresConnection.onEventLoop { @concurrent [self] () async throws -> Result in
            try await body(self)
        }
    }
}
