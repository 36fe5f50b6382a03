import PostgresStreaming

// Comparisons: a member is read as what the other side is, a number as a number and text as text. A member that is none
// is an error of the server, which says so.
extension FraiseField {
    /// Whether the value equals another. For null there is `isNull()`.
    public static func == (field: FraiseField, value: some FraiseOperand) -> FraiseCondition {
        field.compare("=", value)
    }

    /// Whether the value is another one; false where there is none.
    public static func != (field: FraiseField, value: some FraiseOperand) -> FraiseCondition {
        field.compare("<>", value)
    }

    /// Whether the value is greater.
    public static func > (field: FraiseField, value: some FraiseOperand) -> FraiseCondition {
        field.compare(">", value)
    }

    /// Whether the value is greater or equal.
    public static func >= (field: FraiseField, value: some FraiseOperand) -> FraiseCondition {
        field.compare(">=", value)
    }

    /// Whether the value is less.
    public static func < (field: FraiseField, value: some FraiseOperand) -> FraiseCondition {
        field.compare("<", value)
    }

    /// Whether the value is less or equal.
    public static func <= (field: FraiseField, value: some FraiseOperand) -> FraiseCondition {
        field.compare("<=", value)
    }

    /// Whether the value is one of these; false for none.
    public func isIn<Value: FraiseOperand>(_ values: [Value]) -> FraiseCondition {
        FraiseCondition { "\(value(as: Value.fraiseType, $0)) = ANY(\(values.parameter(for: self)))" }
    }

    /// Whether the value is none of these; true for none, also where there is no value.
    public func isNotIn<Value: FraiseOperand>(_ values: [Value]) -> FraiseCondition {
        FraiseCondition { "\(value(as: Value.fraiseType, $0)) <> ALL(\(values.parameter(for: self)))" }
    }

    /// Whether there is no value, or null.
    public func isNull(_ isNull: Bool = true) -> FraiseCondition {
        FraiseCondition { isNull ? "\(text($0)) IS NULL" : "\(text($0)) IS NOT NULL" }
    }

    private func compare<Value: FraiseOperand>(_ comparison: StaticString, _ other: Value) -> FraiseCondition {
        FraiseCondition {
            "\(value(as: Value.fraiseType, $0)) \(unsafeSQL: "\(comparison)") \(other.parameter(for: self))"
        }
    }
}
