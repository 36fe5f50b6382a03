import PostgresStreaming

/// A row of the narrow table.
struct NarrowRow: RowDecodable {
    let id: Int64
    let a: Int32
    let b: Double

    @inline(always)
    init(row: inout RowCursor) throws(PostgresError) {
        id = try row.next()
        a = try row.next()
        b = try row.next()
    }
}

/// The ways in which the library hands out rows, each with the narrow table's own types.
enum NarrowShape: String {
    case rows
    case `struct`
    case tuple
    case chunks

    /// Adds up the rows; on no actor, as a service's own code would be.
    @concurrent
    func total(_ rows: sending RowStream) async throws -> Total {
        var total = Total()
        switch self {
        case .rows:
            for try await row in rows {
                var cells = row.cells
                total.add(try cells.next(), try cells.next(), try cells.next())
            }
        case .struct:
            for try await row in rows.decode(NarrowRow.self) { total.add(row.id, row.a, row.b) }
        case .tuple:
            for try await (id, a, b) in rows.decode((Int64, Int32, Double).self) { total.add(id, a, b) }
        case .chunks:
            for try await chunk in rows.chunks {
                for position in 0..<chunk.count {
                    var cells = chunk.cells(position)
                    total.add(try cells.next(), try cells.next(), try cells.next())
                }
            }
        }
        return total
    }
}
