public import PostgresStreaming

/// A query for the documents of an entity, put together step by step; each step returns a new query.
///
/// ```swift
/// let users = try await fraise.query("v_user", as: User.self)
///     .where(.field("age") >= 18)
///     .whereSQL("data->>'region' = \(region)")
///     .orderBy(.field("name"), .ascending, collation: "C")
///     .limit(100)
///     .execute()
/// for try await user in users { print(user.name) }
/// ```
///
/// Conditions add up: a row has to meet all of them. Every value is bound. A query can be kept, passed on and run as often
/// as you like.
public struct FraiseQuery<Document>: Sendable {
    let client: FraiseClient
    let entity: PostgresIdentifier
    let decode: DocumentDecoder<Document>
    var documentColumn = "data"
    var projection: PostgresQuery?
    var fields: [String]?
    var conditions: [FraiseCondition] = []
    var orders: [FraiseOrder] = []
    /// The rows that a page begins behind.
    var continuation: [FraiseContinuation]?
    var limit: Int?
    var offset: Int?
    var predicates: [@Sendable (Document) -> Bool] = []
    var options = StreamOptions()
    var errorPolicy = DocumentErrorPolicy.fail

    init(_ client: FraiseClient, _ entity: PostgresIdentifier, _ decode: DocumentDecoder<Document>) {
        self.client = client
        self.entity = entity
        self.decode = decode
    }

    private func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }

    // MARK: which rows

    /// Adds a condition of typed operators.
    public func `where`(_ condition: FraiseCondition) -> Self { with { $0.conditions.append(condition) } }

    /// Adds a condition in SQL, which is put in parentheses; what `\( )` inserts is bound.
    public func whereSQL(_ condition: PostgresQuery) -> Self { self.where(.sql(condition)) }

    /// Adds a condition in Swift, which looks at every document that the server sends. What SQL can say, it says faster.
    public func filter(_ predicate: @escaping @Sendable (Document) -> Bool) -> Self {
        with { $0.predicates.append(predicate) }
    }

    /// At most so many rows. A filter in Swift counts behind that.
    public func limit(_ count: Int) -> Self { with { $0.limit = count } }

    /// Leaves out so many rows at the beginning. The server reads them all the same; `startingAfter` does not.
    public func offset(_ count: Int) -> Self { with { $0.offset = count } }

    // MARK: in which order

    /// Orders by a field, behind those by which it is ordered already.
    ///
    /// - Parameters:
    ///   - field: members of documents are compared as JSON: numbers by their size, texts by the database's collation.
    ///   - direction: which rows come first.
    ///   - type: what members are compared as, if not as JSON.
    ///   - collation: the collation in which texts are compared, such as `C`, `en-x-icu` or `"my_schema"."mine"`.
    ///   - nulls: where rows without a value come; by default last in ascending order and first in descending.
    public func orderBy(
        _ field: FraiseField, _ direction: FraiseDirection = .ascending, as type: FraiseType? = nil,
        collation: PostgresIdentifier? = nil, nulls: FraiseNulls? = nil
    ) -> Self {
        with {
            $0.orders.append(
                FraiseOrder(field: field, direction: direction, nulls: nulls, collation: collation, type: type))
        }
    }

    /// Orders by a field in a collation by its name.
    public func orderBy(
        _ field: FraiseField, _ direction: FraiseDirection = .ascending, collation: String, nulls: FraiseNulls? = nil
    ) -> Self {
        orderBy(field, direction, collation: PostgresIdentifier(collation), nulls: nulls)
    }

    /// Begins behind the row that has these values in the fields of the order, one for each: the next page, however deep,
    /// costs what the first costs. Fields without a value cannot be continued behind.
    public func startingAfter(_ values: any FraiseOperand...) -> Self {
        with { $0.continuation = values.map { FraiseContinuation($0) } }
    }

    // MARK: what of them

    /// The column that holds the documents; `data` by default.
    public func documentColumn(_ name: String) -> Self { with { $0.documentColumn = name } }

    /// Has the server make the documents by an expression of type `json` or `jsonb`.
    public func projection(_ expression: PostgresQuery) -> Self { with { $0.projection = expression } }

    /// Has the server send these members of the documents only.
    public func fields(_ names: String...) -> Self { with { $0.fields = names } }

    // MARK: how they are read

    /// The rows of a chunk to begin with. 256 by default.
    public func chunkSize(_ rows: Int) -> Self { with { $0.options.chunkSize = rows } }

    /// Whether chunks follow the rate at which rows come and are consumed. They do by default.
    public func adaptiveChunking(_ isOn: Bool) -> Self { with { $0.options.isAdaptive = isOn } }

    /// The bounds of adaptive chunks, in rows. 16 to 1,024 by default.
    public func adaptiveBounds(_ rows: ClosedRange<Int>) -> Self { with { $0.options.chunkSizeBounds = rows } }

    /// The most bytes of receive buffers that the stream may hold.
    public func maxMemory(_ bytes: Int) -> Self { with { $0.options.memoryMax = bytes } }

    /// The bytes of receive buffers from which reading is throttled and reported.
    public func softMemoryLimit(_ bytes: Int) -> Self { with { $0.options.memorySoftMax = bytes } }

    /// How long the whole query may take.
    public func timeout(_ time: Duration) -> Self { with { $0.options.timeout = time } }

    /// What the query is called in metrics and events; the entity's name by default.
    public func named(_ name: String) -> Self { with { $0.options.name = name } }

    /// Everything else about the stream.
    public func streamOptions(_ change: (inout StreamOptions) -> Void) -> Self { with { change(&$0.options) } }

    /// What becomes of rows that are no document of the type. They fail the stream by default.
    public func onDocumentError(_ policy: DocumentErrorPolicy) -> Self { with { $0.errorPolicy = policy } }
}
