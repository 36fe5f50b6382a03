/// A type that a whole row can become, column by column from left to right: the fastest way to typed rows.
///
/// ```swift
/// struct Point: RowDecodable {
///     let x, y: Double
///     init(row: inout RowCursor) throws(PostgresError) {
///         x = try row.next()
///         y = try row.next()
///     }
/// }
/// ```
public protocol RowDecodable: SendableMetatype {
    /// Decodes one row. Columns that are not read are skipped.
    init(row: inout RowCursor) throws(PostgresError)
}
