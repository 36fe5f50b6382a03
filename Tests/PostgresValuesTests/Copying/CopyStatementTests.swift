import PostgresValues
import Testing

@Suite struct CopyStatementTests {
    private static let table = PostgresIdentifier("public", "my \"table\"")

    @Test func `a table is copied out with quoted names`() throws {
        let source = PostgresCopySource.table(Self.table, columns: ["a", "B c"])
        #expect(
            try source.statement(as: .csv(CopyCSVOptions(header: .present)))
                == #"COPY "public"."my ""table""" ("a", "B c") TO STDOUT (FORMAT csv, HEADER true)"#)
        #expect(
            try PostgresCopySource.table(PostgresIdentifier("t")).statement(as: .text)
                == #"COPY "t" TO STDOUT (FORMAT text)"#)
    }

    @Test func `a query is copied out in parentheses`() throws {
        #expect(
            try PostgresCopySource.query("SELECT * FROM \(identifier: "T");\n").statement(as: .binary)
                == #"COPY (SELECT * FROM "T") TO STDOUT (FORMAT binary)"#)
        #expect(
            try PostgresCopySource.query("SELECT 1 -- one").statement(as: .text)
                == "COPY (SELECT 1 -- one\n) TO STDOUT (FORMAT text)")
    }

    @Test func `a query with parameters is refused with a hint`() throws {
        let error = #expect(throws: PostgresError.self) {
            try PostgresCopySource.query("SELECT \(42)").statement(as: .text)
        }
        #expect(error?.code == .queryInvalid)
        #expect(error?.message == "cannot copy: the SQL has parameters, and COPY takes none")
        #expect(error?.hint != nil)
    }

    @Test func `a table is copied into with every option`() throws {
        var csv = CopyCSVOptions(
            delimiter: ";", null: "it's \\N", defaultMarker: "\\D", quote: "'", escape: "\\", header: .match)
        csv.forceNull = .columns(["a"])
        csv.forceNotNull = .all
        var format = PostgresCopyFormat.csv(csv)
        format.encoding = "LATIN1"
        let options = PostgresCopyOptions(
            freeze: true, where: "a > 0", onError: .ignore, rejectLimit: 5, logVerbosity: .verbose)
        #expect(throws: PostgresError.self, "the quote is in the null string") {
            try PostgresCopyTarget.table(Self.table).statement(as: format, options: options)
        }
        csv.null = "\\N"
        format = .csv(csv)
        format.encoding = "LATIN1"
        #expect(
            try PostgresCopyTarget.table(PostgresIdentifier("t"), columns: ["a"])
                .statement(as: format, options: options)
                == #"COPY "t" ("a") FROM STDIN (FORMAT csv, DELIMITER ';', NULL E'\\N', DEFAULT E'\\D', "#
                + #"HEADER match, QUOTE '''', ESCAPE E'\\', FORCE_NULL ("a"), FORCE_NOT_NULL *, "#
                + "ENCODING 'LATIN1', FREEZE true, ON_ERROR ignore, REJECT_LIMIT 5, LOG_VERBOSITY verbose) "
                + "WHERE a > 0")
    }

    @Test func `a delimiter that the server refuses in text is refused`() {
        for delimiter in ["\n", "\r", "\r\n", "é", "\0", "\\", ".", "a", "z", "0", "9", "👍"] as [Character] {
            expectRefused(.text(CopyTextOptions(delimiter: delimiter)), copyingIn: true)
        }
    }

    @Test func `a delimiter that the server takes in text is taken`() throws {
        for delimiter in [",", " ", "A", "|", "\u{1}", "\u{7F}", "\u{B}"] as [Character] {
            let format = PostgresCopyFormat.text(CopyTextOptions(delimiter: delimiter))
            _ = try PostgresCopyTarget.table(Self.table).statement(as: format)
        }
    }

    @Test func `options that contradict each other are refused`() {
        let refused: [CopyCSVOptions] = [
            CopyCSVOptions(delimiter: "\""), CopyCSVOptions(delimiter: "\n"), CopyCSVOptions(quote: "é"),
            CopyCSVOptions(escape: "\r"), CopyCSVOptions(null: "a,b"), CopyCSVOptions(null: "a\"b"),
            CopyCSVOptions(null: "a\nb"), CopyCSVOptions(null: "x", defaultMarker: "x"),
            CopyCSVOptions(defaultMarker: "x\r"), CopyCSVOptions(defaultMarker: "x,"),
            CopyCSVOptions(defaultMarker: "\0"),
        ]
        for options in refused { expectRefused(.csv(options), copyingIn: true) }
        expectRefused(.text(CopyTextOptions(null: "\t")), copyingIn: true)
        expectRefused(.text(CopyTextOptions(defaultMarker: "\\N")), copyingIn: true)
    }

    @Test func `options of the other direction are refused`() {
        expectRefused(.csv(CopyCSVOptions(header: .match)), copyingIn: false)
        expectRefused(.text(CopyTextOptions(header: .match)), copyingIn: false)
        expectRefused(.text(CopyTextOptions(defaultMarker: "x")), copyingIn: false)
        var options = CopyCSVOptions()
        options.forceNull = .columns(["a"])
        expectRefused(.csv(options), copyingIn: false)
        options = CopyCSVOptions()
        options.forceQuote = .all
        expectRefused(.csv(options), copyingIn: true)
    }

    @Test func `options of COPY FROM follow the server's rules`() {
        let target = PostgresCopyTarget.table(Self.table)
        for (format, options) in [
            (PostgresCopyFormat.binary, PostgresCopyOptions(onError: .ignore)),
            (.text, PostgresCopyOptions(rejectLimit: 1)),
            (.text, PostgresCopyOptions(onError: .ignore, rejectLimit: 0)),
            (.text, PostgresCopyOptions(where: "a = \(1)")),
        ] {
            let error = #expect(throws: PostgresError.self) { try target.statement(as: format, options: options) }
            #expect(error?.code == .queryInvalid)
        }
    }

    @Test func `an encoding that is no name is refused`() {
        for encoding in ["", "UTF8'", "a b", "UTF8\0", "é"] {
            var format = PostgresCopyFormat.binary
            format.encoding = encoding
            expectRefused(format, copyingIn: true)
            expectRefused(format, copyingIn: false)
        }
    }

    @Test(arguments: ["SJIS", "Shift_JIS", "big5", "GB18030", "WIN949", "LATIN1", "EUC_JP"])
    func `lines in another encoding than UTF-8 are not written here`(_ encoding: String) throws {
        var format = PostgresCopyFormat.csv
        format.encoding = encoding
        _ = try PostgresCopyTarget.table(Self.table).statement(as: format)
        #expect(throws: PostgresError.self) { try format.checkLines() }
        for same in ["UTF8", "utf-8", "Unicode"] {
            format.encoding = same
            try format.checkLines()
        }
    }

    @Test func `names that cannot be sent are refused`() {
        for name in ["", "a\0b"] {
            #expect(throws: PostgresError.self) {
                try PostgresCopySource.table(PostgresIdentifier(name)).statement(as: .text)
            }
            #expect(throws: PostgresError.self) {
                try PostgresCopyTarget.table(Self.table, columns: [name]).statement(as: .text)
            }
        }
        #expect(throws: PostgresError.self) {
            try PostgresCopyTarget.table(Self.table, columns: []).statement(as: .text)
        }
    }

    private func expectRefused(_ format: PostgresCopyFormat, copyingIn: Bool) {
        let error = #expect(throws: PostgresError.self) {
            _ =
                try copyingIn
                ? PostgresCopyTarget.table(Self.table).statement(as: format)
                : PostgresCopySource.table(Self.table).statement(as: format)
        }
        #expect(error?.code == .queryInvalid)
        #expect(error?.isConnectionUsable == true)
    }
}
