import PostgresStreaming

/// A connection of a registry by its name: each call goes to the pool that the registry has for it at that moment.
///
/// It may be kept for as long as the process runs. After a reload that changed the connection, calls go to a pool with the
/// new settings, while leases that are in hand end with the old ones. No connection is opened before the first call.
public struct RegistryClient: Sendable {
    /// Which document decides.
    enum Source: Sendable {
        /// The one that the registry has at each call.
        case registry(Registry)
        /// One that does not change.
        case snapshot(RegistrySnapshot)
    }

    /// The name of the connection in the document.
    public let name: String
    let source: Source
    let confirmation: String?
    let parts: [ConnectionKeyword: String]

    /// The profile that the next call goes by.
    ///
    /// - Throws: `configurationInvalid` where the document has no such connection any more.
    public var profile: ConnectionProfile {
        get throws(PostgresError) { try current().profile }
    }

    /// Whether sessions may only read, because the connection is protected and writing was not confirmed.
    ///
    /// - Throws: as `profile`.
    public var isReadOnly: Bool {
        get throws(PostgresError) { try current().isReadOnly }
    }

    /// The pool of this moment, for what this type does not offer, such as listening. It belongs to one document: a
    /// caller that keeps it keeps the settings of that, after a reload as well.
    ///
    /// - Throws: as `profile`; `unsupported` for a protected connection with a transaction pooler, whose sessions cannot
    ///   be kept from writing.
    public var pool: PostgresClient {
        get throws(PostgresError) { try lendingPool().client }
    }

    /// Where the pool of this moment stands.
    ///
    /// - Throws: as `profile`.
    public var statistics: PoolStatistics {
        get throws(PostgresError) { try current().client.statistics }
    }

    /// Makes sure that there is a connection, or says at once what is in the way.
    ///
    /// - Throws: as `PostgresClient.connect()`, and as `profile`.
    public nonisolated(nonsending) func connect() async throws(PostgresError) {
        let pool = try current()
        do throws(PostgresError) {
            try await pool.client.connect()
        } catch {
            throw pool.explain(error)
        }
    }

    private func current() throws(PostgresError) -> RegistryPool {
        do throws(RegistryError) {
            switch source {
            case .registry(let registry): return try registry.pool(name, confirmation, parts)
            case .snapshot(let snapshot): return try snapshot.pool(name, confirmation, parts)
            }
        } catch {
            let problem = error.problems[0]
            throw PostgresError(
                error.code == .closed ? .poolClosed : .configurationInvalid, problem.description)
        }
    }

    private func lendingPool() throws(PostgresError) -> RegistryPool {
        let pool = try current()
        guard !pool.lendsQueriesOnly else {
            throw PostgresError(
                .unsupported,
                "cannot lend a session of the protected connection \"\(name)\" through a transaction pooler",
                hint: "Query it, which only reads, or confirm that you write: client(named:confirming:).")
        }
        return pool
    }
}

extension RegistryClient: PostgresConnectionSource, PostgresQuerying {
    /// Lends a connection for as long as `body` runs; see `PostgresClient.withConnection(_:)`.
    ///
    /// - Throws: the same; `configurationInvalid` where the document has no such connection any more; `unsupported` for a
    ///   protected connection with a transaction pooler.
    @discardableResult
    public nonisolated(nonsending) func withConnection<Result, Failure: Error>(
        _ body: nonisolated(nonsending) (PostgresConnection) async throws(Failure) -> Result
    ) async throws -> Result {
        try await lendingPool().client.withConnection(body)
    }

    /// Lends a connection for as long as `body` runs, and waits for it no longer than `limit`.
    ///
    /// - Throws: as `withConnection(_:)`.
    @discardableResult
    public nonisolated(nonsending) func withConnection<Result, Failure: Error>(
        within limit: Duration?, _ body: nonisolated(nonsending) (PostgresConnection) async throws(Failure) -> Result
    ) async throws -> Result {
        try await lendingPool().client.withConnection(within: limit, body)
    }

    /// Lends a connection and runs `body` as a transaction on it; see `PostgresClient.withTransaction`.
    ///
    /// - Throws: as `withConnection(_:)`, and as the transaction.
    @discardableResult
    public nonisolated(nonsending) func withTransaction<Result, Failure: Error>(
        isolation: TransactionOptions.Isolation? = nil, options: TransactionOptions = TransactionOptions(),
        _ body: nonisolated(nonsending) (inout PostgresTransaction) async throws(Failure) -> Result
    ) async throws -> Result {
        try await lendingPool().client.withTransaction(isolation: isolation, options: options, body)
    }

    /// Lends a connection for one query and returns its rows as a stream; see `PostgresClient.query(_:mode:options:)`.
    ///
    /// - Throws: the same; `configurationInvalid` where the document has no such connection any more.
    public nonisolated(nonsending) func query(
        _ query: PostgresQuery, mode: QueryMode = .extended, options: StreamOptions = StreamOptions()
    ) async throws(PostgresError) -> RowStream {
        let pool = try current()
        do throws(PostgresError) {
            guard pool.lendsQueriesOnly else { return try await pool.client.query(query, mode: mode, options: options) }
            return try await pool.client.queryReadOnly(query, options: options)
        } catch {
            throw pool.explain(error)
        }
    }
}

extension RegistryClient: CustomStringConvertible, CustomReflectable {
    /// The name.
    public var description: String { "RegistryClient(\(name))" }
    /// As the description.
    public var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}
