import PostgresValues
import Testing

@Suite struct CopyRowTests {
    private struct Customer: RowEncodable {
        var id: Int
        var name: String?
        var score: Double = 0.5

        func encode(into row: inout CopyRow) throws(PostgresError) {
            try row.write(id)
            try row.write(name)
            try row.write(score)
        }
    }

    /// Writes what a test gives it.
    private struct Written: RowEncodable {
        let body: (inout CopyRow) throws(PostgresError) -> Void
        init(_ body: @escaping (inout CopyRow) throws(PostgresError) -> Void) { self.body = body }
        func encode(into row: inout CopyRow) throws(PostgresError) { try body(&row) }
    }

    private static let columns = [
        CopyColumn(name: "id", type: .int4), CopyColumn(name: "name", type: .text),
        CopyColumn(name: "score", type: .float8),
    ]

    @Test func `rows are written in binary as their columns' types`() throws {
        var row = try CopyRow(columns: Self.columns, format: .binary)
        try row.appendHeader()
        try row.append(Customer(id: 1, name: "é"))
        try row.append(Customer(id: 2, name: nil))
        row.appendTrailer()
        #expect(
            row.encoded == Array("PGCOPY\n".utf8) + [0xFF, 13, 10, 0] + [0, 0, 0, 0, 0, 0, 0, 0]
                + [0, 3, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 2, 0xC3, 0xA9, 0, 0, 0, 8, 0x3F, 0xE0, 0, 0, 0, 0, 0, 0]
                + [0, 3, 0, 0, 0, 4, 0, 0, 0, 2, 255, 255, 255, 255, 0, 0, 0, 8, 0x3F, 0xE0, 0, 0, 0, 0, 0, 0]
                + [255, 255])
        #expect(row.rowCount == 2)
    }

    @Test func `the same rows are written as text and CSV`() throws {
        var text = try CopyRow(columns: Self.columns, format: .text)
        try text.appendHeader()
        try text.append(Customer(id: 1, name: "a\tb\\"))
        try text.append(Customer(id: 2, name: nil))
        text.appendTrailer()
        #expect(String(decoding: text.encoded, as: UTF8.self) == "1\ta\\tb\\\\\t0.5\n2\t\\N\t0.5\n")

        var csv = try CopyRow(columns: Self.columns, format: .csv(CopyCSVOptions(header: .present)))
        try csv.appendHeader()
        try csv.append(Customer(id: 1, name: "a,\"b\""))
        try csv.append(Customer(id: 2, name: ""))
        try csv.append(Customer(id: 3, name: nil))
        csv.appendTrailer()
        #expect(
            String(decoding: csv.encoded, as: UTF8.self)
                == "id,name,score\n1,\"a,\"\"b\"\"\",0.5\n2,\"\",0.5\n3,,0.5\n")
    }

    @Test(arguments: [PostgresCopyFormat.binary, .text, .csv])
    func `a value that does not fit leaves nothing of its row`(_ format: PostgresCopyFormat) throws {
        var row = try CopyRow(columns: Self.columns, format: format)
        try row.append(Customer(id: 1, name: "a"))
        let before = row.encoded
        let error = #expect(throws: PostgresError.self) { try row.append(Customer(id: 1 << 40, name: "secret")) }
        #expect(error?.code == .parameterInvalid)
        #expect(error?.message == #"row 2, column "id": cannot encode Int as integer: the value is out of range"#)
        #expect(row.encoded == before)
        try row.append(Customer(id: 2, name: "b"))
        #expect(row.rowCount == 2)
        #expect(row.encodedByteCount > before.count)
    }

    @Test(arguments: [PostgresCopyFormat.binary, .text, .csv])
    func `a NUL within text is refused`(_ format: PostgresCopyFormat) throws {
        var row = try CopyRow(columns: Self.columns, format: format)
        let error = #expect(throws: PostgresError.self) { try row.append(Customer(id: 1, name: "a\0b")) }
        #expect(error?.message.hasPrefix(#"row 1, column "name": "#) == true)
        #expect(row.encoded.isEmpty)
    }

    @Test func `an error that the row's code swallows is thrown all the same`() throws {
        var row = try CopyRow(columns: Self.columns, format: .binary)
        let error = #expect(throws: PostgresError.self) {
            try row.append(
                Written { row throws(PostgresError) in
                    do throws(PostgresError) { try row.write(UInt64.max) } catch { _ = error }
                    do throws(PostgresError) { try row.write("a") } catch { _ = error }
                })
        }
        #expect(error?.message.contains(#"column "id""#) == true)
        #expect(row.encoded.isEmpty)
    }

    @Test(arguments: [PostgresCopyFormat.binary, .text, .csv])
    func `a row with too few or too many values is refused`(_ format: PostgresCopyFormat) throws {
        var row = try CopyRow(columns: Self.columns, format: format)
        let few = #expect(throws: PostgresError.self) {
            try row.append(Written { row throws(PostgresError) in try row.write(1) })
        }
        #expect(few?.code == .columnMismatch)
        #expect(few?.message == "row 1 has 1 values, and the copy has 3 columns")
        let many = #expect(throws: PostgresError.self) {
            try row.append(
                Written { row throws(PostgresError) in
                    for _ in 0..<4 { try row.writeNull() }
                })
        }
        #expect(many?.code == .columnMismatch)
        #expect(row.encoded.isEmpty)
    }

    @Test func `text is the binary form of types of text, and a version stands before a jsonb`() throws {
        let columns = [
            CopyColumn(name: "v", type: .varchar), CopyColumn(name: "x", type: .xml),
            CopyColumn(name: "j", type: .json), CopyColumn(name: "b", type: .jsonb),
            CopyColumn(name: "mood", type: PostgresType(rawValue: 20_000), isTextInBinary: true),
            CopyColumn(name: "n", type: .numeric),
        ]
        var row = try CopyRow(columns: columns, format: .binary)
        try row.append(
            Written { row throws(PostgresError) in
                try row.write("a")
                try row.write("<b/>")
                try row.write("1")
                try row.write("{}")
                try row.write("glad")
                try row.write(12)
            })
        var numeric: [UInt8] = []
        try #require(PostgresNumeric("12")).encode(into: &numeric)
        var cells: [UInt8] = []
        try CopyBinaryWriter.append(
            [
                Array("a".utf8), Array("<b/>".utf8), Array("1".utf8), [1] + Array("{}".utf8), Array("glad".utf8),
                numeric,
            ], to: &cells)
        #expect(row.encoded == cells)
    }

    @Test func `text that is not the binary form is refused with a hint, and goes as text`() throws {
        for type in [PostgresType.date, .int4, .numeric, PostgresType(rawValue: 20_000), .int4Array] {
            let columns = [CopyColumn(name: "d", type: type)]
            var binary = try CopyRow(columns: columns, format: .binary)
            let written = Written { row throws(PostgresError) in try row.write("2026-01-02") }
            let error = #expect(throws: PostgresError.self) { try binary.append(written) }
            #expect(error?.code == .parameterInvalid)
            #expect(error?.hint?.contains(".csv") == true)
            #expect(error?.description.contains("2026-01-02") == false)
            var text = try CopyRow(columns: columns, format: .text)
            try text.append(written)
            #expect(String(decoding: text.encoded, as: UTF8.self) == "2026-01-02\n")
        }
    }

    @Test func `bytes are a bytea, or the text that their column holds`() throws {
        let columns = [CopyColumn(name: "b", type: .bytea), CopyColumn(name: "t", type: .text)]
        let written = Written { row throws(PostgresError) in
            try row.write([UInt8]("hi".utf8))
            try row.write([UInt8]("hi".utf8))
        }
        var text = try CopyRow(columns: columns, format: .text)
        try text.append(written)
        #expect(String(decoding: text.encoded, as: UTF8.self) == "\\\\x6869\thi\n")
        var csv = try CopyRow(columns: columns, format: .csv)
        try csv.append(written)
        #expect(String(decoding: csv.encoded, as: UTF8.self) == "\\x6869,hi\n")
    }

    @Test func `removed bytes are not written twice`() throws {
        var row = try CopyRow(columns: Self.columns, format: .csv)
        try row.append(Customer(id: 1, name: "a"))
        row.removeEncoded()
        try row.append(Customer(id: 2, name: "b"))
        #expect(String(decoding: row.encoded, as: UTF8.self) == "2,b,0.5\n")
    }

    @Test func `no dump shows a value`() throws {
        var row = try CopyRow(columns: Self.columns, format: .csv)
        try row.append(Customer(id: 1, name: "secret"))
        var output = ""
        dump(row, to: &output)
        #expect(!output.contains("secret") && !output.contains("115"))
    }
}
