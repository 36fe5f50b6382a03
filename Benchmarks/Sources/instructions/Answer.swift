import PostgresStreaming
import PostgresTestSupport

/// What the server says to one case: a description of columns and the same number of rows, always the same.
struct Answer: Sendable {
    static let rowCount = 100_000
    /// The rows are this many different ones over and over.
    private static let differentRows = 100

    let mode: QueryMode
    private let columns: [[UInt8]]
    private let rows: [UInt8]

    var columnCount: Int { columns.count }

    /// Greeting, the answer up to the rows, and the rows to the end.
    var segments: [[UInt8]] {
        let description = BackendBytes.int16(Int16(columns.count)) + columns.joined()
        let begun = mode == .simple ? BackendBytes() : BackendBytes().message("1").message("2")
        let end = BackendBytes().complete("SELECT \(Self.rowCount)").ready().bytes
        var stream: [UInt8] = []
        stream.reserveCapacity(rows.count * (Self.rowCount / Self.differentRows) + end.count)
        for _ in 0..<Self.rowCount / Self.differentRows { stream += rows }
        return [BackendBytes.welcome, begun.message("T", description).bytes, stream + end]
    }

    private init(mode: QueryMode = .extended, _ columns: [[UInt8]], row: (Int) -> [[UInt8]]) {
        self.mode = mode
        self.columns = columns
        rows = (1...Self.differentRows).reduce(BackendBytes()) { $0.row(row($1)) }.bytes
    }

    /// `int8`, `int4` and `float8` in binary: 39 bytes a row.
    static let narrow = Answer([column(20, 8, "id"), column(23, 4, "a"), column(701, 8, "b")]) { number in
        [
            BackendBytes.int64(Int64(number)), BackendBytes.int32(Int32(number % 1000)),
            BackendBytes.int64(Int64(bitPattern: (Double(number) * 0.5).bitPattern)),
        ]
    }

    /// One `jsonb` document of 310 bytes in binary, which is its text behind a version.
    static let documents = Answer([column(3802, -1)]) { number in
        let front = #"{"id": \#(number), "name": "customer", "tags": ["a", "b"], "score": 0.5, "note": ""#
        return [[1] + Array((front + String(repeating: "x", count: 308 - front.utf8.count) + #""}"#).utf8)]
    }

    /// One `jsonb` document of about 310 bytes in binary, with nine members as the server sorts them.
    static let members = Answer([column(3802, -1)]) { number in
        let text = """
            {"id": \(number), "name": "customer number \(100_000 + number)", "tags": ["tag\(number % 10)", \
            "group\(number)", "newsletter"], "owner": {"id": \(number), "name": "owner \(number)", \
            "email": "owner\(number)@shop.example"}, "score": \(Double(number) / 8), "status": "active", \
            "is_active": \(number % 2 == 0), "created_at": "2024-01-01T00:00:00Z", \
            "updated_at": "2025-06-30T12:34:56.789Z"}
            """
        return [[1] + Array(text.utf8)]
    }

    /// One `text` of 24 bytes: more than a String holds without memory of its own.
    static let texts = Answer([column(25, -1)]) { [Array("a customer's name 100\($0 + 100)".utf8)] }

    /// `int8` with up to 14 digits, and `int4` with up to three, in the text format.
    static let integers = Answer(mode: .simple, [column(20, 8, format: 0), column(23, 4, format: 0)]) { number in
        [Array("\(number * number * 123_456_789)".utf8), Array("\(number % 1000)".utf8)]
    }

    /// Twelve columns of twelve types in binary.
    static let wide = Answer([
        column(23, 4, "id"), column(20, 8, "big"), column(701, 8, "ratio"), column(1700, -1, "amount"),
        column(16, 1, "flag"), column(25, -1, "label"), column(25, -1, "note"), column(1184, 8, "at"),
        column(2950, 16, "key"), column(1082, 4, "day"), column(17, -1, "hash"), column(3802, -1, "extra"),
    ]) { number in
        [
            BackendBytes.int32(Int32(number)), BackendBytes.int64(Int64(number) * 1_000_003),
            BackendBytes.int64(Int64(bitPattern: (Double(number) * 0.25).bitPattern)),
            // Two groups of four digits, the first before the point; two digits behind it are shown.
            [2, 0, 0, 2, Int16(number), 5000].flatMap(BackendBytes.int16), [UInt8(number % 2)],
            Array(repeating: UInt8(ascii: "a"), count: 20), Array(repeating: UInt8(ascii: "b"), count: 80),
            BackendBytes.int64(757_382_400_000_000 + Int64(number)), Array(repeating: UInt8(number), count: 16),
            BackendBytes.int32(Int32(number)), Array(repeating: UInt8(number), count: 32),
            [1] + Array(#"{"n": \#(number), "ok": true}"#.utf8),
        ]
    }

    /// Eight columns of fixed width in binary, none of which is a plain number.
    static let fixed = Answer([
        column(1184, 8), column(1114, 8), column(1082, 4), column(1083, 8), column(1186, 16), column(2950, 16),
        column(3220, 8), column(600, 16),
    ]) { number in
        [
            BackendBytes.int64(757_382_400_000_000), BackendBytes.int64(757_382_400_000_000),
            BackendBytes.int32(Int32(number)),
            BackendBytes.int64(3_600_000_000),
            BackendBytes.int64(1_000_000) + BackendBytes.int32(2) + BackendBytes.int32(3),
            Array(repeating: UInt8(number), count: 16), BackendBytes.int64(Int64(number)),
            BackendBytes.int64(Int64(bitPattern: 1.5.bitPattern))
                + BackendBytes.int64(Int64(bitPattern: 2.5.bitPattern)),
        ]
    }

    private static func column(
        _ typeOID: Int32, _ size: Int16, _ name: String = "column", format: Int16 = 1
    ) -> [UInt8] {
        BackendBytes.string(name) + BackendBytes.int32(0) + BackendBytes.int16(0) + BackendBytes.int32(typeOID)
            + BackendBytes.int16(size) + BackendBytes.int32(-1) + BackendBytes.int16(format)
    }
}
