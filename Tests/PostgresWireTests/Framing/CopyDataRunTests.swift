import PostgresTestSupport
import PostgresWire
import Testing

/// Runs of CopyData messages, framed as rows are.
@Suite struct CopyDataRunTests {
    private static let header: [UInt8] =
        Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + BackendBytes.int32(0) + BackendBytes.int32(0)

    private static func tuple(_ cells: [[UInt8]?]) -> [UInt8] {
        BackendBytes.int16(Int16(cells.count))
            + cells.flatMap { cell in BackendBytes.int32(cell.map { Int32($0.count) } ?? -1) + (cell ?? []) }
    }

    private static func messages(_ data: [[UInt8]]) -> [UInt8] {
        data.flatMap { BackendBytes().message("d", $0).bytes }
    }

    /// Receives the parts one after the other and hands each run of messages to `body`.
    private func frame(
        _ parts: [[UInt8]], rowBytesMax: Int = 64 << 20,
        _ body: (Range<Int>, ReceiveSlab) throws(ProtocolViolation) -> Void
    ) throws(ProtocolViolation) {
        var deframer = Deframer(limits: MessageLimits(rowBytesMax: rowBytesMax))
        deframer.isAuthenticated = true
        let slab = ReceiveSlab(capacity: 4096)
        for part in parts {
            _ = slab.receive { output in for byte in part { output.append(byte) } }
            reading: while true {
                switch deframer.next(in: slab, columnCount: nil, takesCopyData: true) {
                case .rows(let rows): try body(rows, slab)
                case .violation(let violation): throw violation
                case .message, .more, .slabFull: break reading
                }
            }
        }
    }

    @Test func `data is the same however its bytes are cut, also where there is none of it`() throws {
        let data: [[UInt8]] = [[], [10], [1, 2], Array("1\tx\n".utf8), [UInt8](repeating: 7, count: 40)]
        for parts in ByteSplits.all(of: Self.messages(data)) {
            var seen: [[UInt8]] = []
            try frame(parts) { rows, slab throws(ProtocolViolation) in
                let expected = rows.map { [UInt8](copying: slab.copyData(at: $0)) }
                #expect(slab.copyDataByteCount(ofRows: rows) == expected.reduce(0) { $0 + $1.count })
                #expect([UInt8](copying: slab.messageBytes(ofRows: rows)) == Self.messages(expected))
                #expect(slab.longestCopyData(inRows: rows) == expected.map(\.count).max())
                seen += expected
            }
            #expect(seen == data)
        }
    }

    @Test func `lengths below their own size and beyond the limit are violations`() {
        for length in [Int32.min, -1, 0, 3, 101, .max] {
            for parts in ByteSplits.all(of: BackendBytes().message("d", length: length, []).bytes) {
                #expect(throws: ProtocolViolation.self) {
                    try frame(parts, rowBytesMax: 100) { _, _ throws(ProtocolViolation) in }
                }
            }
        }
    }

    @Test(arguments: [false, true])
    func `tuples are rows however they are cut, with the header in a message of its own or not`(
        isAlone: Bool
    ) throws {
        let rows: [[[UInt8]?]] = [[[1], nil], [[], [2, 3, 4]], [nil, nil]]
        let first = isAlone ? [Self.header, Self.tuple(rows[0])] : [Self.header + Self.tuple(rows[0])]
        let bytes = Self.messages(first + rows.dropFirst().map(Self.tuple) + [BackendBytes.int16(-1)])
        let types = ColumnTypes(Array(repeating: ColumnType(typeOID: 17, format: .binary), count: 2))
        for parts in ByteSplits.all(of: bytes) {
            let tuples = CopyTuples(columnCount: 2)
            var seen: [[[UInt8]?]] = []
            try frame(parts) { messages, slab throws(ProtocolViolation) in
                for row in try tuples.tuples(among: messages, in: slab) {
                    var cells = unsafe slab.cells(ofRow: row, types: types)
                    seen.append(try [[UInt8]?](copying: &cells))
                }
            }
            try tuples.end()
            #expect(seen == rows)
        }
    }

    @Test func `a copy without rows has a header and a trailer`() throws {
        let tuples = CopyTuples(columnCount: 1)
        try frame([Self.messages([Self.header + BackendBytes.int16(-1)])]) { messages, slab throws(ProtocolViolation) in
            #expect(try tuples.tuples(among: messages, in: slab).isEmpty)
        }
        try tuples.end()
    }

    @Test func `what is no binary copy is a violation`() {
        let tuple = Self.tuple([[1]])
        var flagged = Self.header
        flagged[12] = 1
        var extended = Self.header
        extended[18] = 100
        let wrong: [[[UInt8]]] = [
            [tuple], [Array(Self.header.dropLast())], [flagged + tuple], [extended + tuple], [[]],
            [Self.header + Self.tuple([[1], [2]])], [Self.header + [0]], [Self.header, []],
            [Self.header + BackendBytes.int16(1) + [0, 0]], [Self.header + BackendBytes.int16(-2) + [0, 0, 0, 0]],
            [Self.header, BackendBytes.int16(-1), tuple],
            [Self.header, BackendBytes.int16(-1), BackendBytes.int16(-1)],
            [Self.header + tuple],
        ]
        for data in wrong {
            #expect(throws: ProtocolViolation.self, "\(data)") {
                let tuples = CopyTuples(columnCount: 1)
                try frame([Self.messages(data)]) { messages, slab throws(ProtocolViolation) in
                    _ = try tuples.tuples(among: messages, in: slab)
                }
                try tuples.end()
            }
        }
    }
}
