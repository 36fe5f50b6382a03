extension Row {
    /// Decodes one column by its index from 0 and converts its number, which the type may not have otherwise.
    public func decode<Value: PostgresNumberConvertible>(
        column index: Int, as type: Value.Type = Value.self, _ conversion: PostgresNumberConversion
    ) throws(PostgresError) -> Value {
        switch conversion {
        case .exact: try decode(column: index, as: Exact<Value>.self).value
        case .rounded: try decode(column: index, as: Rounded<Value>.self).value
        }
    }

    /// Decodes one column by its name and converts its number, which the type may not have otherwise.
    public func decode<Value: PostgresNumberConvertible>(
        column name: String, as type: Value.Type = Value.self, _ conversion: PostgresNumberConversion
    ) throws(PostgresError) -> Value {
        try decode(column: layout.index(named: name), as: type, conversion)
    }

    /// The number of one column by its index from 0, converted, as in `try row[0, as: Int32.self, .exact]`.
    public subscript<Value: PostgresNumberConvertible>(
        index: Int, as type: Value.Type, conversion: PostgresNumberConversion
    ) -> Value {
        get throws(PostgresError) { try decode(column: index, conversion) }
    }

    /// The number of one column by its name, converted, as in `try row["average", as: Double.self, .rounded]`.
    public subscript<Value: PostgresNumberConvertible>(
        name: String, as type: Value.Type, conversion: PostgresNumberConversion
    ) -> Value {
        get throws(PostgresError) { try decode(column: name, conversion) }
    }
}
