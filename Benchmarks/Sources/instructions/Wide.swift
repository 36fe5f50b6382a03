import PostgresStreaming

/// A row of the wide answer, every column in the type that is made for it.
struct Wide: RowDecodable {
    let sum: Int

    @inline(always)
    init(row: inout RowCursor) throws(PostgresError) {
        let numbers = Int(try row.next(Int32.self)) &+ Int(try row.next(Int64.self)) &+ Int(try row.next(Double.self))
        let amount = try row.next(PostgresNumeric.self)
        let flag = try row.next(Bool.self)
        let texts = try row.next(String.self).utf8.count &+ row.next(String.self).utf8.count
        let at = try row.next(PostgresTimestampTZ.self)
        let key = try row.next(PostgresUUID.self)
        let day = try row.next(PostgresDate.self)
        let hash = try row.next([UInt8].self)
        let extra = try row.next(String.self)
        sum =
            numbers &+ amount.scale &+ (flag ? 1 : 0) &+ texts &+ Int(truncatingIfNeeded: at.microsecondsSince2000)
            &+ Int(truncatingIfNeeded: key.low) &+ Int(day.daysSince2000) &+ hash.count &+ extra.utf8.count
    }
}

/// A narrow row as the compiler has it decoded.
struct CodableNarrow: Decodable {
    let id: Int64
    let a: Int32
    let b: Double
}
