import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct RowFramingTests {
    private typealias Piece = FrameReader.Piece

    @Test func `rows without anything between them are one run`() {
        let bytes = (0..<5).reduce(BackendBytes()) { bytes, index in bytes.row([[UInt8(index)], nil]) }
        var reader = FrameReader(columnCount: 2)
        #expect(reader.receive(parts: [bytes.bytes]) == (0..<5).map { .row([[UInt8($0)], nil]) })
        #expect(reader.runs == [5])
    }

    @Test func `a run cut anywhere delivers every row once and in order`() {
        let rows: [[[UInt8]?]] = [[[1, 2, 3], nil], [[], [4]], [nil, nil], [[5], Array(6...40)]]
        let bytes = rows.reduce(BackendBytes()) { $0.row($1) }.bytes
        for parts in ByteSplits.all(of: bytes) {
            var reader = FrameReader(columnCount: 2)
            #expect(reader.receive(parts: parts) == rows.map { .row($0) })
            #expect(reader.runs.reduce(0, +) == rows.count)
        }
    }

    @Test func `the whole rows of a read are delivered before the rest of the last one arrives`() {
        let bytes = BackendBytes().row([[1]]).row([[2]]).row([[3]]).bytes
        var reader = FrameReader(columnCount: 1)
        reader.receive(Array(bytes.dropLast()))
        #expect(reader.pieces == [.row([[1]]), .row([[2]])])
        reader.receive([3])
        #expect(reader.pieces == [.row([[1]]), .row([[2]]), .row([[3]])])
    }

    @Test func `rows with notices between them keep their places`() {
        let notice = BackendBytes.string("Mcareful") + [0]
        let bytes = BackendBytes().row([[1]]).message("N", notice).row([[2]]).row([[3]]).message("N", notice).bytes
        let message = Piece.message(type: UInt8(ascii: "N"), body: notice)
        for parts in ByteSplits.all(of: bytes) {
            var reader = FrameReader(columnCount: 1)
            #expect(
                reader.receive(parts: parts) == [.row([[1]]), message, .row([[2]]), .row([[3]]), message])
        }
    }

    @Test func `a row larger than the slab gets a slab of its own`() {
        let large = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
        let bytes = BackendBytes().row([[1]]).row([large]).row([[2]]).bytes
        var reader = FrameReader(columnCount: 1, slabBytesMax: 16 << 10, keepsChunks: true)
        #expect(reader.receive(parts: [bytes]) == [.row([[1]]), .row([large]), .row([[2]])])
        // The type byte, the length, the column count and the cell's length.
        #expect(reader.chunks.map(\.slab.capacity).max() == large.count + 11)
        #expect(reader.buffer.slab.capacity <= 16 << 10)
    }

    @Test(arguments: [1, 7, 8_000, 20_000])
    func `a full table of rows goes on in another slab without a loss`(partBytes: Int) {
        let row = BackendBytes().row([]).bytes
        #expect(row.count == 7)
        let bytes = Array(repeatElement(row, count: 6_000).joined()) + BackendBytes().message("C", [0x53, 0]).bytes
        let parts = stride(from: 0, to: bytes.count, by: partBytes).map {
            Array(bytes[$0..<min($0 + partBytes, bytes.count)])
        }
        var reader = FrameReader(columnCount: 0, slabBytesMax: 8 << 10, keepsChunks: true)
        let pieces = reader.receive(parts: parts)
        #expect(pieces.count == 6_001)
        #expect(pieces.dropLast().allSatisfy { $0 == .row([]) })
        #expect(pieces.last == .message(type: UInt8(ascii: "C"), body: [0x53, 0]))
        // Before a read the buffer sees by itself that the table is full.
        #expect((reader.slabsFull > 0) == (partBytes >= 8_000))
    }

    @Test func `a full table of rows needs no read to go on`() {
        let slab = ReceiveSlab(capacity: 64)
        let rows = Array(repeatElement(BackendBytes().row([]).bytes, count: 9).joined())
        let count = slab.receive { output in for byte in rows { output.append(byte) } }
        #expect(count == 63 && slab.rowCapacity == 9)
        // A table of nine takes nine rows; it is full, but nothing is left.
        guard case .rows(0..<9) = Deframer().next(in: slab, columnCount: 0) else {
            Issue.record("nine rows fit the table")
            return
        }
        #expect(slab.isRowTableFull && slab.isFramed)
    }

    @Test(arguments: [[], [[1]], [[1], [2], [3]]] as [[[UInt8]]])
    func `a row with another number of columns is a violation behind the rows before it`(cells: [[UInt8]]) {
        let bytes = BackendBytes().row([[1], [2]]).row(cells).row([[3], [4]]).bytes
        for parts in ByteSplits.all(of: bytes) {
            var reader = FrameReader(columnCount: 2)
            let pieces = reader.receive(parts: parts)
            #expect(pieces.count == 2)
            #expect(pieces.first == .row([[1], [2]]))
            guard case .violation(let violation) = pieces.last else {
                Issue.record("\(pieces) has no violation")
                continue
            }
            #expect(violation.kind == .malformedMessage)
        }
    }

    @Test func `a wrong number of columns is told`() {
        var reader = FrameReader(columnCount: 2)
        let message = "DataRow message has 3 columns where 2 were described"
        #expect(
            reader.receive(parts: [BackendBytes().row([[1], [2], [3]]).bytes])
                == [.violation(ProtocolViolation(.malformedMessage, message))])
    }

    @Test(arguments: [.min, -1, 0, 3, 4, 5, 6, 9, 13] as [Int32])
    func `a row shorter than its columns is a violation behind the rows before it`(length: Int32) {
        let bad = BackendBytes().message("D", length: length, BackendBytes.int16(2) + BackendBytes.int32(-1))
        for parts in ByteSplits.all(of: BackendBytes().row([nil, [7]]).bytes + bad.bytes) {
            var reader = FrameReader(columnCount: 2)
            let violation = ProtocolViolation(.malformedMessage, "DataRow message is shorter than its columns")
            #expect(reader.receive(parts: parts) == [.row([nil, [7]]), .violation(violation)])
        }
    }

    @Test(arguments: [.min, -1, 0, 3, 4, 5] as [Int32])
    func `a row too short for a column count is a violation before another byte comes`(length: Int32) {
        var reader = FrameReader(columnCount: 0)
        reader.receive(BackendBytes().row([]).message("D", length: length, []).bytes)
        let violation = ProtocolViolation(.malformedMessage, "DataRow message is shorter than its columns")
        #expect(reader.pieces == [.row([]), .violation(violation)])
    }
}
