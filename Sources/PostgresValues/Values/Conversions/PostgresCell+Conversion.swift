extension PostgresCell {
    /// Converts the number that the cell holds.
    ///
    /// - Throws: `typeMismatch` for what is no number, and for one that `Value` does not have.
    func converted<Value: PostgresNumberConvertible>(
        _ conversion: PostgresNumberConversion, to value: Value.Type = Value.self
    ) throws(PostgresError) -> Value {
        // Zero has a sign in floats alone.
        if type == .float8 || type == .float4, let value = try Double(cell: self) as? Value { return value }
        if type == .float4, let value = try Float(cell: self) as? Value { return value }
        let number = try number(for: Value.self)
        switch conversion {
        case .exact:
            if let value = Value(exactly: number) { return value }
            throw PostgresError(
                .typeMismatch, "cannot decode \(type) into \(Value.self) exactly: it has no such value",
                hint: "Take the nearest one by Rounded<\(Value.self)> or .rounded, or decode into \(exactName).")
        case .rounded:
            if let value = Value(rounding: number) { return value }
            throw PostgresError(
                .typeMismatch, "cannot decode \(type) into \(Value.self): the value is out of range",
                hint: "Decode into \(exactName).")
        }
    }

    private var exactName: String { type.swiftName ?? "PostgresNumeric" }

    /// The number that the cell holds, exactly.
    private func number<Value>(for value: Value.Type) throws(PostgresError) -> PostgresNumeric {
        switch type {
        case .int2, .int4, .int8, .oid: return PostgresNumeric(try Int64(cell: self))
        case .float4, .float8: return PostgresNumeric(exactly: try Double(cell: self))
        case .numeric: return try PostgresNumeric(cell: self)
        default: throw typeMismatch(Value.self)
        }
    }
}

extension PostgresNumberConvertible {
    /// What NULL becomes.
    ///
    /// - Throws: `unexpectedNull` where it becomes nothing.
    static func decodeMissing() throws(PostgresError) -> Self {
        guard let value = valueOfNull else {
            throw PostgresError(
                .unexpectedNull, "cannot decode NULL into \(Self.self)", hint: "Decode into an optional.")
        }
        return value
    }
}
