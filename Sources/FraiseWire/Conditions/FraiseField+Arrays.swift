import JSONTape
import PostgresStreaming

// Arrays: of a document, or a column that is an SQL array.
extension FraiseField {
    /// Whether the array holds all of these.
    public func arrayContains<Value: FraiseOperand>(_ values: [Value]) -> FraiseCondition {
        FraiseCondition { context in
            isColumn ? "\(text(context)) @> \(values)" : "\(json(context)) @> to_jsonb(\(values.typedParameter))"
        }
    }

    /// Whether the array holds nothing but some of these.
    public func isArrayContained<Value: FraiseOperand>(in values: [Value]) -> FraiseCondition {
        FraiseCondition { context in
            isColumn ? "\(text(context)) <@ \(values)" : "\(json(context)) <@ to_jsonb(\(values.typedParameter))"
        }
    }

    /// Whether the array holds any of these.
    public func arrayOverlaps<Value: FraiseOperand>(_ values: [Value]) -> FraiseCondition {
        FraiseCondition { context in
            guard !isColumn else { return "\(text(context)) && \(values)" }
            let json = json(context)
            return """
                EXISTS (SELECT FROM jsonb_array_elements(CASE jsonb_typeof(\(json)) WHEN 'array' THEN \(json) END) AS \
                e (value) WHERE e.value <@ to_jsonb(\(values.typedParameter)))
                """
        }
    }

    /// The number of elements, to be compared: `.field("tags").arrayLength >= 2`. What is no array has none.
    public var arrayLength: FraiseNumber {
        FraiseNumber { context in
            guard !isColumn else { return "cardinality(\(text(context)))" }
            let json = json(context)
            return "jsonb_array_length(CASE jsonb_typeof(\(json)) WHEN 'array' THEN \(json) END)"
        }
    }

    /// Whether the document has all that is in another one, wherever objects nest (`@>`, manual: "jsonb Containment").
    public func contains(json value: JSONValue) -> FraiseCondition {
        FraiseCondition { "\(json($0)) @> \("\(value)")::text::jsonb" }
    }
}

/// A number that the server computes from a field, to be compared with an `Int`.
public struct FraiseNumber: FraiseExpression {
    private let render: @Sendable (FraiseContext) -> PostgresQuery

    init(_ render: @escaping @Sendable (FraiseContext) -> PostgresQuery) { self.render = render }

    /// Whether it equals a number.
    public static func == (number: FraiseNumber, other: Int) -> FraiseCondition { number.compare("=", other) }

    /// Whether it is another number.
    public static func != (number: FraiseNumber, other: Int) -> FraiseCondition { number.compare("<>", other) }

    /// Whether it is greater.
    public static func > (number: FraiseNumber, other: Int) -> FraiseCondition { number.compare(">", other) }

    /// Whether it is greater or equal.
    public static func >= (number: FraiseNumber, other: Int) -> FraiseCondition { number.compare(">=", other) }

    /// Whether it is less.
    public static func < (number: FraiseNumber, other: Int) -> FraiseCondition { number.compare("<", other) }

    /// Whether it is less or equal.
    public static func <= (number: FraiseNumber, other: Int) -> FraiseCondition { number.compare("<=", other) }

    private func compare(_ comparison: StaticString, _ other: Int) -> FraiseCondition {
        FraiseCondition { "\(render($0)) \(unsafeSQL: "\(comparison)") \(other)" }
    }
}
