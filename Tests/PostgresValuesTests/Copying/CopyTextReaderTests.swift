import PostgresValues
import Testing

@Suite struct CopyTextReaderTests {
    private func records(
        _ text: String, _ options: CopyTextOptions = CopyTextOptions(), columns: [String]? = nil,
        columnCount: Int? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> CopyReading {
        let reader = try CopyTextReader(options, columns: columns, limits: CopyReaderLimits(columnCount: columnCount))
        return PostgresValuesTests.read(Array(text.utf8), with: reader, sourceLocation: sourceLocation)
    }

    @Test func `lines are records and tabs separate their fields`() throws {
        let reading = try records("1\tone\n2\ttwo words\n\t\n")
        #expect(reading.records == [["1", "one"], ["2", "two words"], ["", ""]])
        #expect(reading.numbers == [1, 2, 3])
        #expect(reading.message == nil)
    }

    @Test func `a last line needs no end, and an empty line is a record of one empty field`() throws {
        #expect(try records("a\nb").records == [["a"], ["b"]])
        #expect(try records("a\n\nb\n").records == [["a"], [""], ["b"]])
        #expect(try records("").records == [])
    }

    @Test func `the escapes are those of the manual`() throws {
        let reading = try records(#"\b\f\n\r\t\v\\\a\"\8"# + "\n" + #"\101\x42\x4\x\xg\7\18\1234"# + "\n")
        #expect(reading.records == [["\u{8}\u{C}\n\r\t\u{B}\\a\"8"], ["AB\u{4}xxg\u{7}\u{1}8S4"]])
    }

    @Test func `a byte of more than 255 in octal keeps its lower eight bits`() throws {
        #expect(try records("\\501\n").records == [["A"]])
        #expect(try records("\\303\\251\\xC3\\xa9\n").records == [["éé"]])
    }

    @Test func `a backslash before a line break or a delimiter makes it data`() throws {
        let reading = try records("a\\\nb\\\tc\td\ne\\\rf\n")
        #expect(reading.records == [["a\nb\tc", "d"], ["e\rf"]])
        #expect(reading.numbers == [1, 3])
    }

    @Test func `NULL is told by the bytes as they came`() throws {
        #expect(try records("\\N\t\\\\N\tN\tx\\N\t\\Nx\t\\N\n").records == [[nil, "\\N", "N", "xN", "Nx", nil]])
        #expect(try records("\\N\n").records == [[nil]])
        #expect(try records("\\116\n").records == [["N"]])
    }

    @Test func `another null string is compared with what has no escapes`() throws {
        let options = CopyTextOptions(null: "NULL")
        #expect(
            try records("NULL\t\\N\t\\NULL\tNULLS\t\tNULL\n", options).records
                == [[nil, "N", "NULL", "NULLS", "", nil]])
        #expect(try records("\ta\t\n", CopyTextOptions(null: "")).records == [[nil, "a", nil]])
        #expect(try records("a\\Nb\tab\n", CopyTextOptions(null: "a\\Nb")).records == [[nil, "ab"]])
        #expect(try records("\\x4e\t\\x4E\n", CopyTextOptions(null: "\\x4e")).records == [[nil, "N"]])
    }

    @Test func `lines end in newlines, carriage returns or both, all alike`() throws {
        for end in ["\n", "\r", "\r\n"] {
            #expect(try records("a\tb\(end)c\td\(end)").records == [["a", "b"], ["c", "d"]])
            #expect(try records("a\tb\(end)\(end)c").records == [["a", "b"], [""], ["c"]])
        }
        #expect(
            try records("a\nb\r").message
                == "cannot read line 2, field 1 of the copy: there is a literal carriage return, and other lines end otherwise"
        )
        #expect(
            try records("a\r\nb\tc\n").message
                == "cannot read line 2, field 2 of the copy: there is a literal newline, and other lines end otherwise")
        #expect(try records("a\rb\n").message != nil)
        #expect(try records("a\r\nb\rc\r\n").message != nil)
        #expect(try records("a\r\nb\r").message != nil)
    }

    @Test func `a backslash and a full stop alone on a line end the data`() throws {
        #expect(try records("a\n\\.\nb\n").records == [["a"]])
        #expect(try records("\\.\r\nb").records == [])
        #expect(try records("a\r\n\\.\r\nb").records == [["a"]])
        #expect(try records("a\r\\.\rb").records == [["a"]])
        for corrupt in ["a\\.\n", "\t\\.\n", "\\.x\n", "\\.", "a\r\n\\.\n", "a\n\\.\r\n", "a\r\n\\.\rb", "a\r\\.\n"] {
            let reading = try records(corrupt)
            #expect(reading.code == .valueMalformed, "\(corrupt.debugDescription)")
        }
        #expect(try records("\\\\.\n").records == [["\\."]])
    }

    @Test func `a header is skipped, or compared with the columns`() throws {
        let match = CopyTextOptions(header: .match)
        #expect(try records("x\n1\n", CopyTextOptions(header: .present)).records == [["1"]])
        #expect(try records("id\tn\\tx\n1\t2\n", match, columns: ["id", "n\tx"]).records == [["1", "2"]])
        #expect(
            try records("id\tn\n1\t2\n", match, columns: ["id", "name"]).message
                == #"cannot read line 1 of the copy: field 2 of the header is not "name""#)
        #expect(try records("id\n", match, columns: ["id", "name"]).message != nil)
        #expect(try records("\\N\n", match, columns: ["\\N"]).message != nil)
        #expect(throws: PostgresError.self) { try CopyTextReader(match) }
    }

    @Test func `a record with another number of fields is refused`() throws {
        #expect(
            try records("a\tb\na\n", columnCount: 2).message
                == "cannot read line 2 of the copy: there are 1 fields, and 2 are expected")
        #expect(
            try records("a\tb\tc\n", columnCount: 2).message
                == "cannot read line 1, field 4 of the copy: there is more than the expected 2 fields")
        let none = try records("\n\n", columnCount: 0)
        #expect(none.records == [[], []])
        #expect(try records("a\n", columnCount: 0).message != nil)
    }

    @Test func `a record beyond its limit is refused, and nothing is read after it`() throws {
        var reader = try CopyTextReader(limits: CopyReaderLimits(recordBytesMax: 100))
        let short = [UInt8](repeating: 97, count: 60) + [10]
        let long = [UInt8](repeating: 97, count: 40)
        var offset = 0
        #expect(try reader.next(in: short, at: &offset) == .record)
        for _ in 0..<2 {
            offset = 0
            #expect(try reader.next(in: long, at: &offset) == .more)
        }
        for _ in 0..<2 {
            let error = #expect(throws: PostgresError.self) {
                var offset = 0
                return try reader.next(in: long, at: &offset)
            }
            #expect(error?.code == .resultTooLarge)
        }
    }

    @Test func `fields count against the limit of a record`() throws {
        let reader = try CopyTextReader(limits: CopyReaderLimits(recordBytesMax: 1000))
        #expect(CopyReading.of(reader, [[UInt8](repeating: 9, count: 100)]).code == .resultTooLarge)
    }

    @Test func `bytes that are not UTF-8 are no string`() throws {
        var reader = try CopyTextReader()
        let data: [UInt8] = [97, 9, 0xC3, 10]
        var offset = 0
        #expect(try reader.next(in: data, at: &offset) == .record)
        #expect(try reader.record.string(at: 0) == "a")
        let error = #expect(throws: PostgresError.self) { try reader.record.string(at: 1) }
        #expect(error?.message == "cannot read line 1, field 2 of the copy: it is not UTF-8")
    }

    @Test func `fields decode as values of their types`() throws {
        var reader = try CopyTextReader()
        let data = Array("42\t\\N\tx\n".utf8)
        var offset = 0
        #expect(try reader.next(in: data, at: &offset) == .record)
        #expect(try reader.record.decode(Int32.self, at: 0, as: .int4) == 42)
        #expect(try reader.record.decode(Int32?.self, at: 1, as: .int4) == nil)
        let error = #expect(throws: PostgresError.self) { try reader.record.decode(Int32.self, at: 2, as: .int4) }
        #expect(error?.message.hasPrefix("line 1, field 3 of the copy: ") == true)
        #expect(error?.message.contains("x") == false)
    }
}
