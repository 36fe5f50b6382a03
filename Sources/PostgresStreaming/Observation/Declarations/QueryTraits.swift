/// What is known of the parts of a query, where it was put together by this package.
package struct QueryTraits: Hashable, Sendable {
    /// Whether it has a condition in SQL.
    package var hasWhereSQL = QueryTrait.unknown
    /// Whether its stream has a predicate in the program.
    package var hasWherePredicate = QueryTrait.unknown
    /// Whether its rows are in an order.
    package var hasOrderBy = QueryTrait.unknown

    /// Nothing is known, as of SQL that was written by hand.
    package init() {}
}

/// Whether something is a part of a query; unknown for SQL that was written by hand.
package enum QueryTrait: Int, Hashable, Sendable {
    case unknown, yes, no

    /// What is known of a query that was put together here.
    package init(_ isThere: Bool) { self = isThere ? .yes : .no }

    fileprivate static func text(_ number: Int) -> String {
        switch QueryTrait(rawValue: number) {
        case .yes: "true"
        case .no: "false"
        default: "unknown"
        }
    }
}

/// Whether the query has a condition in SQL.
package struct HasWhereSQL: MetricLabel {
    /// The label's name.
    package static let name = "has_where_sql"
    /// The trait's number.
    package let number: Int

    init(_ trait: QueryTrait) { number = trait.rawValue }

    /// How it reads.
    package static func text(_ number: Int, _ names: MetricNames) -> String { QueryTrait.text(number) }
}

/// Whether the query's stream has a predicate in the program; the name is fraiseql-wire's.
package struct HasWherePredicate: MetricLabel {
    /// The label's name.
    package static let name = "has_where_rust"
    /// The trait's number.
    package let number: Int

    init(_ trait: QueryTrait) { number = trait.rawValue }

    /// How it reads.
    package static func text(_ number: Int, _ names: MetricNames) -> String { QueryTrait.text(number) }
}

/// Whether the query's rows are in an order.
package struct HasOrderBy: MetricLabel {
    /// The label's name.
    package static let name = "has_order_by"
    /// The trait's number.
    package let number: Int

    init(_ trait: QueryTrait) { number = trait.rawValue }

    /// How it reads.
    package static func text(_ number: Int, _ names: MetricNames) -> String { QueryTrait.text(number) }
}
