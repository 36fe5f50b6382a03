public import JSONTape
public import PostgresStreaming

/// Reads JSON documents out of the views and tables of a database, as typed Swift values, while the server sends them.
///
/// ```swift
/// let fraise = try await FraiseClient.connect("postgres:///example")
/// for try await user in try await fraise.query("v_user", as: User.self).limit(10).execute() { print(user.name) }
/// await fraise.close()
/// ```
///
/// An entity is a view or table with a column of type `json` or `jsonb`, called `data` unless said otherwise. A client
/// stands on a pool of connections: it runs any number of queries, at the same time too, and each takes a connection for
/// as long as its stream lasts.
///
/// Sessions begin read-only (`default_transaction_read_only`), so that no condition in SQL can write by accident. Poolers
/// refuse that parameter; behind one every query is a transaction that may only read, whose `BEGIN READ ONLY` goes out with
/// the query and whose `COMMIT` nobody waits for. A query costs one round trip either way.
public struct FraiseClient: Sendable {
    /// The pool that the client stands on; its statistics, bounds and upkeep (`run()`) are there.
    public let pool: PostgresClient
    /// Whether each query is a transaction that may only read, because its session was not begun that way.
    private let readsInTransactions: Bool

    private static let readOnly = "default_transaction_read_only"

    /// Creates a client; nothing is connected yet.
    ///
    /// Sessions begin read-only, or, where `configuration.pooler` says that there is a pooler, each query is a transaction
    /// that may only read. Where `configuration.runtimeParameters` has a `default_transaction_read_only`, that holds and
    /// nothing is added.
    public init(
        _ configuration: PostgresConfiguration, pool settings: PostgresPoolConfiguration = PostgresPoolConfiguration()
    ) {
        self.init(configuration, settings, readsInTransactions: configuration.pooler != nil)
    }

    private init(
        _ configuration: PostgresConfiguration, _ settings: PostgresPoolConfiguration, readsInTransactions: Bool
    ) {
        var configuration = configuration
        let isUpToCaller = configuration.runtimeParameters[Self.readOnly] != nil
        if !isUpToCaller, !readsInTransactions { configuration.runtimeParameters[Self.readOnly] = "on" }
        self.readsInTransactions = readsInTransactions && !isUpToCaller
        pool = PostgresClient(configuration, pool: settings)
    }

    /// Creates a client on a pool that is there already, whose sessions are left as they are.
    ///
    /// - Parameters:
    ///   - pool: the pool; `close()` closes it.
    ///   - readsOnly: whether each query is a transaction that may only read.
    public init(on pool: PostgresClient, readsOnly: Bool = false) {
        (self.pool, readsInTransactions) = (pool, readsOnly)
    }

    /// Connects to the server of a connection string; see `PostgresConfiguration.init(connectionString:environment:)`.
    ///
    /// - Throws: as `PostgresConnection.connect(_:)`.
    public nonisolated(nonsending) static func connect(
        _ connectionString: String, pool settings: PostgresPoolConfiguration = PostgresPoolConfiguration()
    ) async throws(PostgresError) -> FraiseClient {
        try await connect(PostgresConfiguration(connectionString: connectionString), pool: settings)
    }

    /// Connects to the server of a configuration. One connection is made at once, so that a mistake shows here, and so
    /// that a pooler which nobody spoke of is noticed when it refuses `default_transaction_read_only`.
    ///
    /// - Throws: as `PostgresConnection.connect(_:)`.
    public nonisolated(nonsending) static func connect(
        _ configuration: PostgresConfiguration, pool settings: PostgresPoolConfiguration = PostgresPoolConfiguration()
    ) async throws(PostgresError) -> FraiseClient {
        do throws(PostgresError) {
            return try await FraiseClient(configuration, pool: settings).connected()
        } catch {
            guard configuration.runtimeParameters[readOnly] == nil, error.sqlState == .protocolViolation,
                error.message.contains(readOnly)
            else { throw error }
        }
        return try await FraiseClient(configuration, settings, readsInTransactions: true).connected()
    }

    /// Returns this client when it has a connection, or closes it.
    private nonisolated(nonsending) func connected() async throws(PostgresError) -> FraiseClient {
        do throws(PostgresError) {
            try await pool.connect()
        } catch {
            await close()
            throw error
        }
        return self
    }

    /// Ends all connections; streams that are open may come to their ends first, see `PostgresClient.close()`.
    public nonisolated(nonsending) func close() async { await pool.close() }

    // MARK: queries

    /// Begins a query for documents that describe their members themselves: the fastest way.
    ///
    /// - Parameters:
    ///   - entity: the name as SQL writes it, `v_user` or `shop.v_user`; in double quotes where it has other characters
    ///     than small letters, digits and underscores.
    ///   - type: what the documents become.
    /// - Throws: `queryInvalid` for what is no name.
    @inlinable
    public func query<Document: JSONDecodable>(
        _ entity: String, as type: Document.Type
    ) throws(PostgresError) -> FraiseQuery<Document> {
        makeQuery(
            try PostgresIdentifier(parsing: entity),
            DocumentDecoder { tape, bytes throws(JSONError) in try tape.decode(Document.self, from: bytes) })
    }

    /// Begins a query for documents of any `Decodable` type.
    ///
    /// - Parameters:
    ///   - entity: the name as SQL writes it.
    ///   - type: what the documents become.
    ///   - options: how dates and the like are read; Foundation's types by default.
    /// - Throws: `queryInvalid` for what is no name.
    @_disfavoredOverload
    public func query<Document: Decodable & SendableMetatype>(
        _ entity: String, as type: Document.Type, options: JSONDecodingOptions? = nil
    ) throws(PostgresError) -> FraiseQuery<Document> {
        makeQuery(
            try PostgresIdentifier(parsing: entity),
            // The tape has the options.
            DocumentDecoder(options: options ?? .fraise) { tape, bytes throws(JSONError) in
                try tape.decode(Document.self, from: bytes)
            })
    }

    /// Begins a query for documents of no type: values that are looked at by key and position.
    ///
    /// - Throws: `queryInvalid` for what is no name.
    public func query(_ entity: String) throws(PostgresError) -> FraiseQuery<JSONValue> {
        try query(entity, as: JSONValue.self)
    }

    /// Begins a query for the bytes of documents, which nobody looks at.
    ///
    /// - Throws: `queryInvalid` for what is no name.
    public func queryBytes(_ entity: String) throws(PostgresError) -> FraiseQuery<[UInt8]> {
        makeQuery(try PostgresIdentifier(parsing: entity), .bytes)
    }

    /// The rows of a query, of which nothing is written.
    nonisolated(nonsending) func rows(
        of query: PostgresQuery, _ options: StreamOptions
    ) async throws(PostgresError) -> RowStream {
        readsInTransactions
            ? try await pool.queryReadOnly(query, options: options)
            : try await pool.query(query, mode: .extended, options: options)
    }

    @usableFromInline
    func makeQuery<Document>(
        _ entity: PostgresIdentifier, _ decode: DocumentDecoder<Document>
    ) -> FraiseQuery<Document> {
        FraiseQuery(self, entity, decode)
    }
}
