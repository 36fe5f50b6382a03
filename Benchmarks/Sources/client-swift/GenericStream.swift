import PostgresStreaming

/// Reads any result column by column, as the letters of a specification say.
struct GenericStream {
    let kinds: [ColumnKind]

    init(_ specification: String) throws(Refusal) {
        var kinds: [ColumnKind] = []
        for letter in specification { kinds.append(try ColumnKind(letter)) }
        self.kinds = kinds
    }

    /// Adds up the rows. It inherits its caller's isolation, which costs nothing here: it waits once per chunk only.
    func total(_ rows: RowStream) async throws -> Total {
        guard rows.columns.count == kinds.count else {
            throw Refusal("the result has \(rows.columns.count) columns, the specification \(kinds.count)")
        }
        let decodedBytes = zip(kinds, rows.columns).reduce(0) { $0 + $1.0.width(of: $1.1.type) }
        var total = Total()
        for try await chunk in rows.chunks {
            if total.rows == 0 { total.noteFirst() }
            for position in 0..<chunk.count {
                var cells = chunk.cells(position)
                for kind in kinds {
                    switch kind {
                    case .integer: total.sum &+= try cells.next(Int64.self)
                    case .float: total.sum &+= Int64(try cells.next(Double.self))
                    case .bytes:
                        let count = try cells.nextBytes()?.byteCount ?? 0
                        total.bytes += count
                        total.sum &+= Int64(count)
                    case .ignored: total.bytes += try cells.nextBytes()?.byteCount ?? 0
                    }
                }
            }
            total.rows += chunk.count
            total.bytes += chunk.count * decodedBytes
        }
        return total
    }
}
