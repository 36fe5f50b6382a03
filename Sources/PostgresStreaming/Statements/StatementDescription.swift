import PostgresWire

/// What a statement takes and returns.
public struct StatementDescription: Hashable, Sendable {
    /// The types of its parameters.
    public let parameterTypes: [PostgresType]
    /// The columns of its rows; empty for a statement that returns none.
    public let columns: [PostgresColumn]
    let descriptions: [ColumnDescription]?
}
