/// A type whose values are rows of a COPY into a table, column by column from left to right.
///
/// ```swift
/// struct Point: RowEncodable {
///     let x, y: Double
///     func encode(into row: inout CopyRow) throws(PostgresError) {
///         try row.write(x)
///         try row.write(y)
///     }
/// }
/// ```
public protocol RowEncodable {
    /// Writes a value for each column of the copy.
    ///
    /// - Throws: what `CopyRow.write` throws; nothing of the row is kept then.
    func encode(into row: inout CopyRow) throws(PostgresError)
}
