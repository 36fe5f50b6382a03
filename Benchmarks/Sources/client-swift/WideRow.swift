import PostgresStreaming

/// A row of the wide table, every column in the type that is made for it.
struct WideRow: RowDecodable {
    let id: Int32
    let big: Int64
    let ratio: Double
    let amount: PostgresNumeric
    let flag: Bool
    let label: String
    let note: String
    let at: PostgresTimestampTZ
    let key: PostgresUUID
    let day: PostgresDate
    let hash: [UInt8]
    let extra: String

    @inline(always)
    init(row: inout RowCursor) throws(PostgresError) {
        id = try row.next()
        big = try row.next()
        ratio = try row.next()
        amount = try row.next()
        flag = try row.next()
        label = try row.next()
        note = try row.next()
        at = try row.next()
        key = try row.next()
        day = try row.next()
        hash = try row.next()
        extra = try row.next()
    }

    /// Decodes the rows; on no actor, as a service's own code would be.
    @concurrent
    static func total(_ rows: sending RowStream, _ shape: RowShape) async throws -> Total {
        var total = Total()
        switch shape {
        case .struct:
            for try await row in rows.decode(WideRow.self) { total.add(row) }
        case .codable:
            for try await row in rows.decode(CodableWideRow.self) { total.add(row.row) }
        case .rows, .tuple, .chunks:
            throw Refusal("the wide table is decoded in the shapes struct and codable")
        }
        return total
    }

    fileprivate init(_ row: CodableWideRow) {
        id = row.id
        big = row.big
        ratio = row.ratio
        amount = row.amount
        flag = row.flag
        label = row.label
        note = row.note
        at = row.at
        key = row.key
        day = row.day
        hash = row.hash
        extra = row.extra
    }
}

/// The same as the compiler has it decoded.
private struct CodableWideRow: Decodable {
    let id: Int32
    let big: Int64
    let ratio: Double
    let amount: PostgresNumeric
    let flag: Bool
    let label: String
    let note: String
    let at: PostgresTimestampTZ
    let key: PostgresUUID
    let day: PostgresDate
    let hash: [UInt8]
    let extra: String

    var row: WideRow { WideRow(self) }
}

extension Total {
    /// Adds a row of the wide table: what the clients that read bytes add, without the numeric, whose length on the wire
    /// nobody keeps.
    mutating func add(_ row: WideRow) {
        if rows == 0 { noteFirst() }
        rows += 1
        // No length of a numeric, no sum of all lengths.
        bytes = -1
        let lengths =
            1 + row.label.utf8.count + row.note.utf8.count + 8 + 16 + 4 + row.hash.count + row.extra.utf8.count + 1
        sum &+= Int64(row.id) &+ row.big &+ Int64(row.ratio) &+ Int64(lengths)
        keep(row.amount)
        keep(row.at)
        keep(row.key)
        keep(row.day)
    }
}
