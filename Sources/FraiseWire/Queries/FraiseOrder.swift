import PostgresStreaming

/// One of the fields by which rows are ordered.
struct FraiseOrder: Sendable {
    let field: FraiseField
    let direction: FraiseDirection
    let nulls: FraiseNulls?
    let collation: PostgresIdentifier?
    let type: FraiseType?

    /// What is compared.
    func key(_ context: FraiseContext) -> PostgresQuery {
        if let collation { return "\(field.text(context)) COLLATE \(collation)" }
        if let type { return field.value(as: type, context) }
        // As JSON, numbers come by their size and texts by their letters. Null is no value in SQL either.
        return field.isColumn ? field.text(context) : "NULLIF(\(field.json(context)), 'null'::jsonb)"
    }

    func sql(_ context: FraiseContext) -> PostgresQuery {
        var sql = key(context)
        sql.append(direction == .ascending ? " ASC" : " DESC")
        switch nulls {
        case .first: sql.append(" NULLS FIRST")
        case .last: sql.append(" NULLS LAST")
        case nil: break
        }
        return sql
    }

    /// A value of this field as it is compared with the key.
    func parameter<Value: FraiseOperand>(_ value: Value) -> PostgresQuery {
        if collation != nil { return "\(value)::text" }
        if type != nil || field.isColumn { return value.parameter(for: field) }
        return "to_jsonb(\(value)::\(unsafeSQL: Value.fraiseType.sqlName))"
    }
}

/// Which rows come first.
public enum FraiseDirection: Hashable, Sendable {
    /// Those with the least values.
    case ascending
    /// Those with the greatest values.
    case descending
}

/// Where rows without a value come.
public enum FraiseNulls: Hashable, Sendable {
    /// Before all others.
    case first
    /// Behind all others.
    case last
}
