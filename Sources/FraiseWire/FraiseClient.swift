public import JSONTape
public import PostgresStreaming

/// Reads JSON documents out of the views and tables of a database, as typed Swift values, while the server sends them.
///
/// ```swift
/// let fraise = try await FraiseClient.connect("postgres:///example")
/// for try await user in try await fraise.query("v_user", as: User.self).limit(10).execute() { … }
/// await fraise.close()
/// ```
///
/// An entity is a view or table with a column of type `json` or `jsonb`, called `data` unless said otherwise. A client
/// stands on a pool of connections: it runs any number of queries, at the same time too, and each takes a connection for
/// as long as its stream lasts.
///
/// Sessions begin read-only (`default_transaction_read_only`), so that no condition in SQL can write by accident. Poolers
/// refuse that parameter, so behind one it is not sent: give the client a role that may only read.
public struct FraiseClient: Sendable {
    /// The pool that the client stands on; its statistics, bounds and upkeep (`run()`) are there.
    public let pool: PostgresClient

    /// Creates a client; nothing is connected yet.
    public init(
        _ configuration: PostgresConfiguration, pool settings: PostgresPoolConfiguration = PostgresPoolConfiguration()
    ) {
        var configuration = configuration
        let parameter = "default_transaction_read_only"
        if configuration.pooler == nil, configuration.runtimeParameters[parameter] == nil {
            configuration.runtimeParameters[parameter] = "on"
        }
        pool = PostgresClient(configuration, pool: settings)
    }

    /// Creates a client on a pool that is there already, whose sessions are left as they are.
    public init(on pool: PostgresClient) { self.pool = pool }

    /// Connects to the server of a connection string; see `PostgresConfiguration.init(connectionString:environment:)`.
    ///
    /// - Throws: as `PostgresConnection.connect(_:)`.
    public nonisolated(nonsending) static func connect(
        _ connectionString: String, pool settings: PostgresPoolConfiguration = PostgresPoolConfiguration()
    ) async throws(PostgresError) -> FraiseClient {
        try await connect(PostgresConfiguration(connectionString: connectionString), pool: settings)
    }

    /// Connects to the server of a configuration. One connection is made at once, so that a mistake shows here.
    ///
    /// - Throws: as `PostgresConnection.connect(_:)`.
    public nonisolated(nonsending) static func connect(
        _ configuration: PostgresConfiguration, pool settings: PostgresPoolConfiguration = PostgresPoolConfiguration()
    ) async throws(PostgresError) -> FraiseClient {
        let client = FraiseClient(configuration, pool: settings)
        do throws(PostgresError) {
            try await client.pool.execute("")
        } catch {
            await client.close()
            throw error
        }
        return client
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

    @usableFromInline
    func makeQuery<Document>(
        _ entity: PostgresIdentifier, _ decode: DocumentDecoder<Document>
    ) -> FraiseQuery<Document> {
        FraiseQuery(self, entity, decode)
    }
}
