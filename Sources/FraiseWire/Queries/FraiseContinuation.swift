import PostgresStreaming

/// The value of a row in one field of the order.
struct FraiseContinuation: Sendable {
    /// The value as it is compared with the order's key.
    let parameter: @Sendable (FraiseOrder) -> PostgresQuery

    init<Value: FraiseOperand & Sendable>(_ value: Value) {
        parameter = { $0.parameter(value) }
    }

    /// The condition that rows behind the one with these values meet: the first field in which they differ is beyond.
    static func condition(
        _ values: [FraiseContinuation], _ orders: [FraiseOrder], _ context: FraiseContext
    ) -> PostgresQuery {
        let terms = zip(orders, values).map { order, value in
            (key: order.key(context), value: value.parameter(order), order.direction)
        }
        let alternatives = terms.indices.map { index in
            let equal = terms[..<index].map { "\($0.key) = \($0.value)" as PostgresQuery }
            let (key, value, direction) = terms[index]
            let beyond: PostgresQuery = direction == .ascending ? "\(key) > \(value)" : "\(key) < \(value)"
            return "(\((equal + [beyond]).joined(separator: " AND ")))" as PostgresQuery
        }
        return "(\(alternatives.joined(separator: " OR ")))"
    }
}
