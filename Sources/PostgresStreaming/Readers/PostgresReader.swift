/// Reads that see what was committed before a position, from standbys where they are that far; see
/// `PostgresClient.reader(after:within:)`.
public struct PostgresReader: Sendable {
    /// What the reads see.
    public let position: PostgresPosition
    private let client: PostgresClient
    private let limit: Duration

    init(_ client: PostgresClient, after position: PostgresPosition, within limit: Duration) {
        self.client = client
        self.position = position
        self.limit = limit.asLimit
    }

    /// Lends a connection whose server shows the position, and says where it belongs.
    ///
    /// - Parameters:
    ///   - isForStream: whether the lease ends with one stream.
    ///   - time: the time for all of it; nil: each pool's own limit, and the reader's.
    private nonisolated(nonsending) func lend(
        _ label: String?, isForStream: Bool = false, within time: TimeAllowed? = nil
    ) async throws(PostgresError) -> (PostgresConnection, PoolHome) {
        for pool in client.reader === client ? [client.pool] : [client.reader.pool, client.pool] {
            let isLast = pool === client.pool
            if let lent = try await lend(of: pool, label, isForStream, within: time, isLast) { return lent }
        }
        throw PostgresError(
            .targetSessionMismatch, "no server shows what was written up to \(position)",
            hint: "Have the client lead to the primary, as with target_session_attrs=read-write.")
    }

    /// Lends a connection of one pool; nil where its server does not show the position, or cannot tell and is not the
    /// last to be asked.
    private nonisolated(nonsending) func lend(
        of pool: ConnectionPool, _ label: String?, _ isForStream: Bool, within time: TimeAllowed?, _ isLast: Bool
    ) async throws(PostgresError) -> (PostgresConnection, PoolHome)? {
        let timeout = time.map { min($0.left, pool.settings.leaseTimeout) }
        let (connection, home): (PostgresConnection, PoolHome)
        do throws(PostgresError) {
            (connection, home) = try await pool.lend(label: label, timeout: timeout, isForStream: isForStream)
        } catch {
            // Where no standby can be had the next pool may have a connection.
            if isLast || error.code == .cancelled { throw error }
            return nil
        }
        do throws(PostgresError) {
            // Behind a pooler the next lease of the same connection may be served by another server.
            let isRemembered = pool.configuration.pooler == nil
            let patience = time.map { min($0.left, limit) } ?? limit
            if try await connection.shows(position, within: patience, isLast: isLast, isRemembered: isRemembered) {
                return (connection, home)
            }
        } catch {
            // A standby that is lost, or does not answer or tell, is not one to wait for.
            if isLast || error.code == .cancelled {
                home.takeBack(connection.gate.revoke())
                throw error
            }
        }
        home.takeBack(connection.gate.revoke())
        return nil
    }
}

extension PostgresReader: PostgresConnectionSource, PostgresQuerying {
    /// Lends a connection that sees the position for as long as `body` runs; see `PostgresClient.withConnection(_:)`.
    ///
    /// - Throws: as `PostgresClient.withConnection(_:)`; `targetSessionMismatch` where not even the client's own
    ///   connections lead to a server that shows the position.
    @discardableResult
    public nonisolated(nonsending) func withConnection<Result, Failure: Error>(
        _ body: nonisolated(nonsending) (PostgresConnection) async throws(Failure) -> Result
    ) async throws -> Result {
        try await withConnection(within: nil, body)
    }

    /// Lends a connection that sees the position for as long as `body` runs; waits for it for `limit` at most, where the
    /// limits of the pool and of the reader are not shorter.
    ///
    /// - Throws: as `withConnection(_:)`.
    @discardableResult
    public nonisolated(nonsending) func withConnection<Result, Failure: Error>(
        within limit: Duration?, _ body: nonisolated(nonsending) (PostgresConnection) async throws(Failure) -> Result
    ) async throws -> Result {
        let (connection, home) = try await lend(nil, within: limit.map(TimeAllowed.init))
        do {
            let result = try await body(connection)
            home.takeBack(connection.gate.revoke())
            return result
        } catch {
            home.takeBack(connection.gate.revoke())
            throw error
        }
    }

    /// Lends a connection that sees the position and runs `body` as a transaction on it; see
    /// `PostgresClient.withTransaction(isolation:options:_:)`.
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

    /// Lends a connection that sees the position for one query; see `PostgresClient.query(_:mode:options:)`.
    ///
    /// - Throws: as `withConnection(_:)`, and as `PostgresConnection.query(_:mode:options:)`.
    public nonisolated(nonsending) func query(
        _ query: PostgresQuery, mode: QueryMode = .extended, options: StreamOptions = StreamOptions()
    ) async throws(PostgresError) -> RowStream {
        let (connection, home) = try await lend(options.name, isForStream: true)
        connection.gate.endsWithNextVerb(home)
        do throws(PostgresError) {
            return try await RowStream.run(.text(query, mode), options, on: connection.gate)
        } catch {
            connection.gate.goBack()
            throw error
        }
    }
}
