extension PostgresQuery.StringInterpolation {
    /// Binds a value of which is known only that it can be a parameter, or NULL of a type that the server infers.
    @_disfavoredOverload
    public mutating func appendInterpolation(_ value: (any PostgresEncodable)?) {
        guard let value else { return appendInterpolation(null: .unspecified) }
        bind(value)
    }

    /// Binds a value of which is known only that it can be a parameter, or NULL, declared and written as a value of the
    /// type.
    @_disfavoredOverload
    public mutating func appendInterpolation(_ value: (any PostgresEncodable)?, as type: PostgresType) {
        guard let value else { return appendInterpolation(null: type) }
        bind(value, as: type)
    }

    private mutating func bind<Value: PostgresEncodable>(_ value: Value) { appendInterpolation(value) }

    private mutating func bind<Value: PostgresEncodable>(_ value: Value, as type: PostgresType) {
        appendInterpolation(value as Value?, as: type)
    }
}
