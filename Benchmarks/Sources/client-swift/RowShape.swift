/// The ways in which the library hands out rows.
enum RowShape: String {
    /// `Row` by `Row`, each read with a cursor.
    case rows
    /// Into a `RowDecodable`.
    case `struct`
    /// Into a tuple.
    case tuple
    /// Chunk by chunk, cell by cell.
    case chunks
    /// Into a `Decodable`, by the names of the columns.
    case codable
}
