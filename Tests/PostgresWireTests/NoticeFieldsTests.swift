import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct NoticeFieldsTests {
    @Test func `every field of the manual has a name`() throws {
        let fields = try decode("SVCMDHPpqWstcdnFLR".map { ($0, "12\($0)") })
        #expect(fields.fields.count == 18)
        #expect(fields.severity == "12V" && fields.localizedSeverity == "12S" && fields.sqlState == "12C")
        #expect(fields.message == "12M" && fields.detail == "12D" && fields.hint == "12H")
        #expect(fields.internalQuery == "12q" && fields.context == "12W")
        #expect(fields.schema == "12s" && fields.table == "12t" && fields.column == "12c")
        #expect(fields.dataType == "12d" && fields.constraint == "12n")
        #expect(fields.file == "12F" && fields.routine == "12R")
    }

    @Test func `positions and the line are numbers`() throws {
        let fields = try decode([("P", "15"), ("p", "3"), ("L", "1192")])
        #expect(fields.position == 15 && fields.internalPosition == 3 && fields.line == 1192)
        #expect(try decode([("P", "fifteen"), ("L", "99999999999999999999")]).position == nil)
    }

    @Test func `every field may be missing`() throws {
        let fields = try decode([])
        #expect(fields.fields.isEmpty)
        #expect(fields.severity == nil && fields.sqlState == nil && fields.message == nil && fields.position == nil)
    }

    @Test func `the severity falls back to the localized one`() throws {
        #expect(try decode([("S", "FEHLER")]).severity == "FEHLER")
    }

    @Test func `unknown fields are kept, in order`() throws {
        let fields = try decode([("~", "1"), ("M", "2"), ("~", "3")])
        #expect(fields.fields.map(\.value) == ["1", "2", "3"])
        #expect(fields[UInt8(ascii: "~")] == "1")
    }

    @Test func `more than 64 fields are a violation`() throws {
        #expect(try decode(Array(repeating: ("X", ""), count: 64)).fields.count == 64)
        #expect(throws: ProtocolViolation.self) { try decode(Array(repeating: ("X", ""), count: 65)) }
    }

    @Test func `fields without the last terminator are a violation`() {
        let body = Array("Mtext\0".utf8)
        #expect(throws: ProtocolViolation.self) {
            try NoticeFields(validating: unsafe body.span.bytes, of: "ErrorResponse")
        }
    }

    @Test func `a text of 3 MB is cut, and the fields after it are read`() throws {
        let fields = try decode([("M", String(repeating: "x", count: 3 << 20)), ("C", "22001")])
        #expect(fields.message == String(repeating: "x", count: NoticeFields.valueBytesMax))
        #expect(fields.sqlState == "22001")
    }

    @Test func `all values together are cut where they are too long, the last of them`() throws {
        let long = String(repeating: "x", count: 60_000)
        let fields = try decode("MDHWq".map { ($0, long) } + (0..<50).map { _ in ("~", long) } + [("C", "22001")])
        #expect(fields.fields.count == 56)
        #expect(fields.message == long && fields.internalQuery == long)
        #expect(fields.fields.reduce(0) { $0 + $1.value.utf8.count } == NoticeFields.bytesMax)
        #expect(fields.byteCount < NoticeFields.bytesMax + (8 << 10))
        #expect(fields.sqlState == "")
    }

    @Test func `a value at the limit is whole, one byte more is cut`() throws {
        let limit = NoticeFields.valueBytesMax
        for count in [limit - 1, limit, limit + 1] {
            let message = try decode([("M", String(repeating: "x", count: count))]).message
            #expect(message?.utf8.count == min(count, limit))
        }
    }

    @Test(arguments: ["é", "€", "🐘"])
    func `a value is cut in front of the character that does not fit`(character: String) throws {
        let width = character.utf8.count
        for offset in 0..<width {
            let text = String(repeating: "x", count: offset) + String(repeating: character, count: 65_536 / width + 1)
            let message = try #require(try decode([("M", text)]).message)
            #expect(text.hasPrefix(message))
            #expect(message.utf8.count == offset + (65_536 - offset) / width * width)
        }
    }

    @Test func `bytes that are no UTF-8 at all are cut all the same`() throws {
        let body = Array("M".utf8) + [UInt8](repeating: 0x80, count: 70_000) + [0, 0]
        let fields = try NoticeFields(validating: unsafe body.span.bytes, of: "ErrorResponse")
        #expect(fields.message?.unicodeScalars.count == NoticeFields.valueBytesMax - 3)
    }

    @discardableResult
    private func decode(_ fields: [(Character, String)]) throws(ProtocolViolation) -> NoticeFields {
        var body: [UInt8] = []
        for (code, value) in fields { body += [code.asciiValue ?? 0] + BackendBytes.string(value) }
        body.append(0)
        return try NoticeFields(validating: unsafe body.span.bytes, of: "ErrorResponse")
    }
}
