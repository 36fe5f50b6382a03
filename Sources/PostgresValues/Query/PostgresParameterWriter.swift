import PostgresWire

/// Collects the parameters of one run of a statement.
public struct PostgresParameterWriter: Sendable {
    /// What was collected.
    package var parameters = BoundParameters()

    /// Nothing is collected yet.
    package init() {}

    /// Appends a value as a type that the server named, nil as NULL.
    ///
    /// - Throws: `parameterInvalid` for a value that the type does not have; the message names the parameter's number.
    public mutating func append<Value: PostgresEncodable>(_ value: Value?, as type: PostgresType) throws(PostgresError)
    {
        do throws(PostgresError) {
            try parameters.append(value, as: type)
        } catch {
            throw PostgresError(error, message: "parameter $\(parameters.count + 1): \(error.message)")
        }
    }
}

extension PostgresParameterWriter: CustomReflectable {
    /// Shows nothing, so that no `dump` prints values.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
