import PostgresStreaming

/// A row of columns whose values all have a fixed width: nothing of it needs memory of its own.
struct FixedRow: RowDecodable {
    let small: Int16
    let medium: Int32
    let large: Int64
    let single: Float
    let double: Double
    let flag: Bool
    let day: PostgresDate
    let time: PostgresTime
    let at: PostgresTimestampTZ
    let local: PostgresTimestamp
    let span: PostgresInterval
    let key: PostgresUUID
    let position: PostgresLSN
    let point: PostgresPoint
    let nothing: Int64?

    init(row: inout RowCursor) throws(PostgresError) {
        small = try row.next()
        medium = try row.next()
        large = try row.next()
        single = try row.next()
        double = try row.next()
        flag = try row.next()
        day = try row.next()
        time = try row.next()
        at = try row.next()
        local = try row.next()
        span = try row.next()
        key = try row.next()
        position = try row.next()
        point = try row.next()
        nothing = try row.next()
    }

    /// Decodes the rows and adds up what is a number.
    @concurrent
    static func total(_ rows: sending RowStream) async throws -> Total {
        var total = Total()
        for try await row in rows.decode(FixedRow.self) {
            if total.rows == 0 { total.noteFirst() }
            total.rows += 1
            // Nobody keeps the lengths of all the cells.
            total.bytes = -1
            total.sum &+= Int64(row.small) &+ Int64(row.medium) &+ row.large
            keep(row)
        }
        return total
    }
}
