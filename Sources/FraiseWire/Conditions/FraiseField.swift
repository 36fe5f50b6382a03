import PostgresStreaming

/// A value of an entity that conditions and orders refer to: a member of the document, or a column beside it.
///
/// ```swift
/// let fields: [FraiseField] = [
///     .field("status"),  // data->>'status'
///     .path("owner", "address", "city"),
///     .column("tenant_id"),  // a column of the view itself
///     .json(column: "meta", "tags"),  // a member of another JSON column
/// ]
/// ```
///
/// Names are quoted, whatever characters they have; a NUL, which Postgres cannot store, is an error when the query runs.
public struct FraiseField: Hashable, Sendable {
    enum Source: Hashable, Sendable {
        /// A member of a document; the column is nil for the entity's own document.
        case json(column: String?, path: [String])
        case column(String)
    }

    let source: Source

    /// A member of the document by its name.
    public static func field(_ name: String) -> FraiseField { FraiseField(source: .json(column: nil, path: [name])) }

    /// A member of the document by the names that lead to it.
    public static func path(_ first: String, _ further: String...) -> FraiseField {
        FraiseField(source: .json(column: nil, path: [first] + further))
    }

    /// A column of the entity that is no JSON.
    public static func column(_ name: String) -> FraiseField { FraiseField(source: .column(name)) }

    /// A member of a JSON column other than the document; the column itself without a path.
    public static func json(column: String, _ path: String...) -> FraiseField {
        FraiseField(source: .json(column: column, path: path))
    }

    /// The whole document.
    public static var document: FraiseField { FraiseField(source: .json(column: nil, path: [])) }

    var isColumn: Bool { if case .column = source { true } else { false } }

    // MARK: as SQL

    /// The value as text, or the column as it is.
    func text(_ context: FraiseContext) -> PostgresQuery {
        guard case .json(let column, let path) = source else { return sql(context) }
        let base = Self.base(column, context)
        guard let last = path.last else { return "(\(base)#>>'{}')" }
        return "(\(base)\(Self.steps(path.dropLast()))->>\(unsafeSQL: SQLLiteral(last).text))"
    }

    /// The value as `jsonb`, or the column as it is.
    func json(_ context: FraiseContext) -> PostgresQuery {
        guard case .json(let column, let path) = source else { return sql(context) }
        return "(\(Self.base(column, context))\(Self.steps(path[...])))::jsonb"
    }

    /// The value as another type of Postgres, or the column as it is.
    func value(as type: FraiseType, _ context: FraiseContext) -> PostgresQuery {
        isColumn || type == .text ? text(context) : "\(text(context))::\(unsafeSQL: type.sqlName)"
    }

    /// The value as a type of Postgres, cast to it also where it is a column.
    func cast(to typeName: StaticString, _ context: FraiseContext) -> PostgresQuery {
        "(\(text(context)))::\(unsafeSQL: "\(typeName)")"
    }

    private func sql(_ context: FraiseContext) -> PostgresQuery {
        guard case .column(let name) = source else { return "" }
        return "\(PostgresIdentifier(name))"
    }

    private static func base(_ column: String?, _ context: FraiseContext) -> PostgresQuery {
        column.map { "\(PostgresIdentifier($0))" } ?? context.document
    }

    private static func steps(_ path: ArraySlice<String>) -> PostgresQuery {
        path.map { "->\(unsafeSQL: SQLLiteral($0).text)" as PostgresQuery }.joined(separator: "")
    }
}

/// What fields are rendered in.
struct FraiseContext: Sendable {
    /// The column that holds the documents.
    let document: PostgresQuery
    /// The entity, quoted.
    let entity: PostgresQuery
}
