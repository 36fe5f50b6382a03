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

    /// Adds up the rows; on no actor, as a service's own code would be.
    @concurrent
    static func total(_ rows: sending RowStream, _ shape: RowShape) async throws -> Total {
        var total = Total()
        switch shape {
        case .rows:
            for try await row in rows {
                var cells = row.cells
                total.add(try cells.next(), try cells.next(), try cells.next())
            }
        case .struct:
            for try await row in rows.decode(NarrowRow.self) { total.add(row.id, row.a, row.b) }
        case .tuple:
            for try await (id, a, b) in rows.decode((Int64, Int32, Double).self) { total.add(id, a, b) }
        case .codable:
            for try await row in rows.decode(CodableNarrowRow.self) { total.add(row.id, row.a, row.b) }
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

/// The same as the compiler has it decoded.
private struct CodableNarrowRow: Decodable {
    let id: Int64
    let a: Int32
    let b: Double
}
