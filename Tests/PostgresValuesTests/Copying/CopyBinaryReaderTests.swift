import PostgresValues
import PostgresWire
import Testing

@Suite struct CopyBinaryReaderTests {
    private static let signature: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 13, 10, 0]
    private static let header = signature + [0, 0, 0, 0, 0, 0, 0, 0]
    private static let trailer: [UInt8] = [0xFF, 0xFF]

    private func reading(_ body: [UInt8], columnCount: Int? = nil, recordBytesMax: Int = 1 << 20) -> CopyReading {
        let limits = CopyReaderLimits(columnCount: columnCount, recordBytesMax: recordBytesMax)
        return PostgresValuesTests.read(body, with: CopyBinaryReader(limits: limits))
    }

    @Test func `rows are read between header and trailer`() throws {
        var data: [UInt8] = []
        CopyBinaryWriter.appendHeader(to: &data)
        #expect(data == Self.header)
        try CopyBinaryWriter.append([Array("a".utf8), nil, []], to: &data)
        try CopyBinaryWriter.append([], to: &data)
        try CopyBinaryWriter.append([nil], to: &data)
        CopyBinaryWriter.appendTrailer(to: &data)
        let reading = reading(data)
        #expect(reading.records == [["a", nil, ""], [], [nil]])
        #expect(reading.numbers == [1, 2, 3])
        #expect(reading.message == nil)
    }

    @Test func `flags that are not critical and the extension are passed over`() {
        let extended =
            Self.signature + [0, 0, 0xFF, 0xFF, 0, 0, 0, 3, 1, 2, 3] + [0, 1, 0, 0, 0, 1, 65] + Self.trailer
        #expect(reading(extended).records == [["A"]])
    }

    @Test func `a header that is none is refused`() {
        let cases: [([UInt8], String)] = [
            (Array("PGCOPX".utf8), "the signature of the binary format is not there"),
            (Self.signature + [0, 1, 0, 0, 0, 0, 0, 0], "it has object IDs"),
            (Self.signature + [0, 2, 0, 0, 0, 0, 0, 0], "it has critical flags that are not known"),
            (Self.signature + [0x80, 0, 0, 0, 0, 0, 0, 0], "it has critical flags that are not known"),
            (Self.signature + [0, 0, 0, 0, 0xFF, 0, 0, 0], "the length of its extension is negative"),
        ]
        for (data, problem) in cases {
            #expect(reading(data).message == "cannot read the header of the copy: \(problem)")
        }
    }

    @Test func `rows that do not hold together are refused`() {
        let cases: [([UInt8], String)] = [
            ([0xFF, 0xFE], "the number of fields is negative"),
            ([0, 1, 0xFF, 0xFF, 0xFF, 0xFE], "the length of field 1 is negative"),
            ([0, 2, 0xFF, 0xFF, 0xFF, 0xFF], "the data ends without its trailer"),
            ([], "the data ends without its trailer"),
            (Self.trailer + [0], "there are bytes after the trailer"),
        ]
        for (data, problem) in cases {
            let reading = reading(Self.header + data)
            #expect(reading.message == "cannot read row 1 of the copy: \(problem)")
            #expect(reading.code == .valueMalformed)
        }
        #expect(
            reading(Self.header + [0, 1, 0, 0, 0, 0], columnCount: 2).message
                == "cannot read row 1 of the copy: there are 1 fields, and 2 are expected")
    }

    @Test func `a length alone takes no memory and is compared with the limit`() {
        let data = Self.header + [0, 1, 0x7F, 0xFF, 0xFF, 0xFF]
        #expect(reading(data, recordBytesMax: 1 << 20).code == .resultTooLarge)
        let whole = Self.header + [0, 1, 0, 0, 0, 100] + [UInt8](repeating: 65, count: 100) + Self.trailer
        #expect(reading(whole, recordBytesMax: 110).code == .resultTooLarge)
        #expect(reading(whole, recordBytesMax: 200).records.count == 1)
    }

    @Test func `fields decode as values of their types`() throws {
        var data = Self.header
        try CopyBinaryWriter.append([[0, 0, 0, 42], nil], to: &data)
        var reader = CopyBinaryReader()
        var offset = 0
        #expect(try reader.next(in: data, at: &offset) == .record)
        #expect(try reader.record.decode(Int32.self, at: 0, as: .int4) == 42)
        #expect(try reader.record.decode(Int32?.self, at: 1, as: .int4) == nil)
        let types = [ColumnType(typeOID: 23, format: .binary), ColumnType(typeOID: 23, format: .binary)]
        var cells = reader.cells(types: types.span)
        let id = try cells.next(Int32.self)
        let name = try cells.next(Int32?.self)
        #expect(id == 42 && name == nil)
        let isAtEnd = cells.isAtEnd
        #expect(isAtEnd)
    }
}
