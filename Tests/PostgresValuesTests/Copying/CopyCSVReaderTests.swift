import PostgresValues
import Testing

@Suite struct CopyCSVReaderTests {
    private func records(
        _ text: String, _ options: CopyCSVOptions = CopyCSVOptions(), columns: [String]? = nil,
        columnCount: Int? = nil, endsAtMarker: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> CopyReading {
        let reader = try CopyCSVReader(
            options, columns: columns, endsAtMarker: endsAtMarker, limits: CopyReaderLimits(columnCount: columnCount))
        return PostgresValuesTests.read(Array(text.utf8), with: reader, sourceLocation: sourceLocation)
    }

    @Test func `commas separate, quotes hold commas, quotes and line breaks`() throws {
        let reading = try records("1,one\n2,\"a,\"\"b\"\"\nc\"\n3, x \n")
        #expect(reading.records == [["1", "one"], ["2", "a,\"b\"\nc"], ["3", " x "]])
        #expect(reading.numbers == [1, 2, 4])
    }

    @Test func `quotes may stand within a field`() throws {
        #expect(try records("a\"b,c\"d,\"\"e\"\"\n").records == [["ab,cd", "e"]])
    }

    @Test func `an empty field is NULL unless it is quoted`() throws {
        #expect(try records(",\"\",a,\n\n\"\"\n").records == [[nil, "", "a", nil], [nil], [""]])
        let options = CopyCSVOptions(null: "NULL")
        #expect(try records("NULL,\"NULL\",,N\"UL\"L\n", options).records == [[nil, "NULL", "", "NULL"]])
    }

    @Test func `an escape other than the quote stands before quotes and itself`() throws {
        let options = CopyCSVOptions(quote: "'", escape: "\\")
        #expect(
            try records(#"'a\'b\\c\d','\\',\,a\'x'"# + "\n", options).records == [["a'b\\c\\d", "\\", "\\", "a\\x"]])
        #expect(try records(#"'a\"#, options).code == .valueMalformed)
        #expect(try records(#"'a\'"#, options).code == .valueMalformed)
    }

    @Test func `quotes that do not end are refused with line and field`() throws {
        #expect(
            try records("a\nb,\"c\nd\n").message
                == "cannot read line 2, field 2 of the copy: the quotes of the field do not end")
    }

    @Test func `lines end in newlines, carriage returns or both, all alike`() throws {
        for end in ["\n", "\r", "\r\n"] {
            #expect(try records("a,b\(end)c,\"d\(end)\"\(end)").records == [["a", "b"], ["c", "d\(end)"]])
            #expect(try records("a\(end)\(end)b").records == [["a"], [nil], ["b"]])
        }
        #expect(try records("\"a\rb\"\nc\n").records == [["a\rb"], ["c"]])
        for mixed in ["a\nb\r", "a\r\nb\n", "a\rb\n", "a\r\nb\rc\r\n", "a\r\nb\r"] {
            let reading = try records(mixed)
            #expect(reading.code == .valueMalformed, "\(mixed.debugDescription)")
            #expect(reading.message?.contains("an unquoted") == true)
        }
    }

    @Test func `lines within quotes are counted for the numbers of records`() throws {
        #expect(try records("\"a\nb\nc\"\nd\n").numbers == [1, 4])
        #expect(try records("a\r\"b\rc\"\rd\r").numbers == [1, 2, 4])
    }

    @Test func `a backslash and a full stop are data, or the end where asked for`() throws {
        #expect(try records("a\n\\.\nb\n").records == [["a"], ["\\."], ["b"]])
        #expect(try records("a\n\\.\nb\n", endsAtMarker: true).records == [["a"]])
        #expect(try records("a\r\n\\.\r\nb", endsAtMarker: true).records == [["a"]])
        #expect(try records("\\.\rb", endsAtMarker: true).records == [])
        #expect(
            try records("\\.x,\\,x\\.\n\"\\.\"\n", endsAtMarker: true).records == [["\\.x", "\\", "x\\."], ["\\."]])
        #expect(try records("a\n\\.", endsAtMarker: true).records == [["a"], ["\\."]])
        #expect(try records("a\n\\", endsAtMarker: true).records == [["a"], ["\\"]])
        for mixed in ["a\n\\.\r", "a\r\n\\.\n", "a\r\n\\.\rb", "a\r\\.\n", "a\r\n\\.\r"] {
            #expect(try records(mixed, endsAtMarker: true).code == .valueMalformed, "\(mixed.debugDescription)")
        }
    }

    @Test func `a header is skipped, or compared with the columns`() throws {
        let match = CopyCSVOptions(header: .match)
        #expect(try records("\"x\ny\"\n1\n", CopyCSVOptions(header: .present)).records == [["1"]])
        let reading = try records("\"id\",\"n,x\"\n1,2\n", match, columns: ["id", "n,x"])
        #expect(reading.records == [["1", "2"]])
        #expect(reading.numbers == [2])
        #expect(try records("id,secret\n", match, columns: ["id", "name"]).message?.contains("secret") == false)
        #expect(throws: PostgresError.self) { try CopyCSVReader(match) }
    }

    @Test func `columns may be forced to be NULL or not`() throws {
        var options = CopyCSVOptions()
        options.forceNull = .columns(["b"])
        options.forceNotNull = .columns(["c"])
        #expect(
            try records(",\"\",\n\"\",,\"\"\n", options, columns: ["a", "b", "c"]).records
                == [[nil, nil, ""], ["", nil, ""]])
        options.forceNull = .all
        options.forceNotNull = .all
        #expect(try records(",\"\"\n", options).records == [["", nil]])
    }

    @Test func `a record with another number of fields is refused`() throws {
        #expect(
            try records("a,b\na\n", columnCount: 2).message
                == "cannot read line 2 of the copy: there are 1 fields, and 2 are expected")
        #expect(try records("a,b,c\n", columnCount: 2).code == .valueMalformed)
        #expect(try records("\n\n", columnCount: 0).records == [[], []])
    }

    @Test func `a record beyond its limit is refused`() throws {
        let reader = try CopyCSVReader(limits: CopyReaderLimits(recordBytesMax: 100))
        let quoted = [UInt8(ascii: "\"")] + [UInt8](repeating: 97, count: 200)
        #expect(CopyReading.of(reader, [quoted]).code == .resultTooLarge)
        #expect(CopyReading.of(reader, quoted.map { [$0] }).code == .resultTooLarge)
        #expect(CopyReading.of(reader, [[UInt8](repeating: UInt8(ascii: ","), count: 200)]).code == .resultTooLarge)
    }
}
