import PostgresValues
import Testing

@Suite struct CopyWriterTests {
    private func text(_ record: [String?], _ options: CopyTextOptions = CopyTextOptions()) throws -> String {
        var bytes: [UInt8] = []
        try CopyTextWriter(options).append(record, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func csv(
        _ record: [String?], _ options: CopyCSVOptions = CopyCSVOptions(), columns: [String] = []
    ) throws -> String {
        var bytes: [UInt8] = []
        try CopyCSVWriter(options, columns: columns).append(record, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `text has letters for control characters and backslashes before what would be read as more`() throws {
        #expect(
            try text(["\u{8}\u{C}\n\r\t\u{B}\\", nil, "é\u{1}\u{7F}", ""])
                == "\\b\\f\\n\\r\\t\\v\\\\\t\\N\té\u{1}\u{7F}\t\n")
        #expect(try text(["a|b\tc\\"], CopyTextOptions(delimiter: "|")) == "a\\|b\\tc\\\\\n")
        #expect(try text(["\u{1}\t"], CopyTextOptions(delimiter: "\u{1}")) == "\\\u{1}\\t\n")
    }

    @Test func `a value that is the null string is escaped, and refused where nothing can be`() throws {
        #expect(
            try text(["NULL", nil, "D"], CopyTextOptions(null: "NULL", defaultMarker: "D"))
                == "\\116ULL\tNULL\t\\104\n")
        #expect(try text(["\\N"], CopyTextOptions(null: "\\\\N")) == "\\134N\n")
        var bytes: [UInt8] = [1]
        let error = #expect(throws: PostgresError.self) {
            try CopyTextWriter(CopyTextOptions(null: "")).append(["a", ""], to: &bytes)
        }
        #expect(error?.code == .parameterInvalid)
        #expect(bytes == [1])
    }

    @Test func `CSV is quoted where the server would`() throws {
        #expect(
            try csv(["a", nil, "", "a,b", "\"", "a\nb", "a\r", " a ", "\\."])
                == "a,,\"\",\"a,b\",\"\"\"\",\"a\nb\",\"a\r\", a ,\\.\n")
        #expect(try csv(["\\."]) == "\"\\.\"\n")
        #expect(try csv(["NULL", nil, ""], CopyCSVOptions(null: "NULL")) == "\"NULL\",NULL,\n")
        #expect(try csv(["a\\'b"], CopyCSVOptions(quote: "'", escape: "\\")) == "'a\\\\\\'b'\n")
        #expect(try csv(["a\\b"], CopyCSVOptions(quote: "'", escape: "\\")) == "a\\b\n")
    }

    @Test func `columns may be quoted always, and NULL never is`() throws {
        var options = CopyCSVOptions()
        options.forceQuote = .columns(["b"])
        #expect(try csv(["a", "b"], options, columns: ["a", "b"]) == "a,\"b\"\n")
        options.forceQuote = .all
        #expect(try csv(["a", nil], options) == "\"a\",\n")
    }

    @Test func `a header is written where the options ask for one`() throws {
        var bytes: [UInt8] = []
        try CopyCSVWriter(CopyCSVOptions(header: .present)).appendHeader(["id", "a,b"], to: &bytes)
        try CopyCSVWriter().appendHeader(["id"], to: &bytes)
        try CopyTextWriter(CopyTextOptions(header: .match)).appendHeader(["a\tb"], to: &bytes)
        try CopyTextWriter().appendHeader(["id"], to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "id,\"a,b\"\na\\tb\n")
    }

    @Test func `a NUL is refused and nothing of its record is written`() throws {
        var bytes: [UInt8] = []
        #expect(throws: PostgresError.self) { try CopyTextWriter().append(["a", "b\0"], to: &bytes) }
        #expect(throws: PostgresError.self) { try CopyCSVWriter().append(["a", "b\0"], to: &bytes) }
        #expect(bytes.isEmpty)
    }
}
