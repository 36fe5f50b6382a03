import PostgresStreaming

/// A condition on the rows of an entity, made of typed operators, or of SQL with bound values.
///
/// ```swift
/// let there = query.where(
///     .field("age") >= 18 && (.field("city") == "Bern" || !.field("tags").arrayContains(["moved"])))
/// ```
///
/// It is SQL in the end: a comparison with a member that is missing or null is neither true nor false, and the row is
/// not there, with `!` either.
public struct FraiseCondition: FraiseExpression {
    private indirect enum Node: Sendable {
        case leaf(@Sendable (FraiseContext) -> PostgresQuery)
        case all([FraiseCondition])
        case any([FraiseCondition])
        case not(FraiseCondition)
    }

    private let node: Node

    private init(_ node: Node) { self.node = node }

    /// A condition that is rendered when its entity is known.
    init(_ render: @escaping @Sendable (FraiseContext) -> PostgresQuery) { node = .leaf(render) }

    /// A condition in SQL; what `\( )` inserts is bound.
    public static func sql(_ condition: PostgresQuery) -> FraiseCondition { FraiseCondition { _ in condition } }

    /// All of the conditions; of none, true.
    public static func all(_ conditions: [FraiseCondition]) -> FraiseCondition { FraiseCondition(.all(conditions)) }

    /// Any of the conditions; of none, false.
    public static func any(_ conditions: [FraiseCondition]) -> FraiseCondition { FraiseCondition(.any(conditions)) }

    /// Both conditions.
    public static func && (one: FraiseCondition, other: FraiseCondition) -> FraiseCondition { .all([one, other]) }

    /// Either condition.
    public static func || (one: FraiseCondition, other: FraiseCondition) -> FraiseCondition { .any([one, other]) }

    /// The opposite.
    public static prefix func ! (condition: FraiseCondition) -> FraiseCondition { FraiseCondition(.not(condition)) }

    /// The condition in parentheses, so that it means the same wherever it is put.
    func sql(_ context: FraiseContext) -> PostgresQuery {
        switch node {
        case .leaf(let render): return "(\(render(context)))"
        case .not(let condition): return "(NOT \(condition.sql(context)))"
        case .all(let conditions):
            guard !conditions.isEmpty else { return "(TRUE)" }
            return "(\(conditions.map { $0.sql(context) }.joined(separator: " AND ")))"
        case .any(let conditions):
            guard !conditions.isEmpty else { return "(FALSE)" }
            return "(\(conditions.map { $0.sql(context) }.joined(separator: " OR ")))"
        }
    }
}
