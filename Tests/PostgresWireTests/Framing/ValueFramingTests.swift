import PostgresTestSupport
import PostgresWire
import Testing

/// Rows in parts: what comes of each, cut anywhere, and what is refused.
@Suite struct ValueFramingTests {
    /// What one row was framed as.
    private struct Framed: Equatable {
        var leading: [[UInt8]?] = []
        var valueBytes: Int?
        var value: [UInt8] = []
        var trailing: [[UInt8]?]?
    }

    private struct Reading {
        var rows: [Framed] = []
        var violation: ProtocolViolation?
        var largestWish = 0
    }

    private func cells(_ range: Range<Int>, _ slab: ReceiveSlab) -> [[UInt8]?] {
        let bytes = [UInt8](copying: slab.bytes(range))
        var (cells, offset) = ([[UInt8]?](), 0)
        while offset < bytes.count {
            let length = Int(Int32(bitPattern: bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }))
            cells.append(length < 0 ? nil : Array(bytes[offset + 4..<offset + 4 + length]))
            offset += 4 + max(length, 0)
        }
        return cells
    }

    /// Frames bytes that come in these parts; what is no row ends the reading.
    private func read(
        _ parts: [[UInt8]], column: Int, of columnCount: Int, lengthMax: Int = 1 << 20
    ) -> Reading {
        var framing = ValueFraming(column: column)
        var buffer = ReceiveBuffer(slabBytesMax: 4 << 10)
        var reading = Reading()
        var wish = 0
        for part in parts {
            var left = part[...]
            while !left.isEmpty {
                buffer.makeRoom(messageBytes: wish)
                let count = buffer.slab.receive { output in
                    for byte in left.prefix(output.freeCapacity) { output.append(byte) }
                }
                left = left.dropFirst(count)
                while let frame = framing.next(in: buffer.slab, columnCount: columnCount, lengthMax: lengthMax) {
                    switch frame {
                    case .part(.head(let range, let bytes)):
                        reading.rows.append(Framed(leading: cells(range, buffer.slab), valueBytes: bytes))
                    case .part(.value(let range)):
                        reading.rows[reading.rows.count - 1].value += [UInt8](copying: buffer.slab.bytes(range))
                    case .part(.tail(let range)):
                        reading.rows[reading.rows.count - 1].trailing = cells(range, buffer.slab)
                    case .more(let bytes):
                        (wish, reading.largestWish) = (bytes, max(reading.largestWish, bytes))
                    case .violation(let violation):
                        reading.violation = violation
                        return reading
                    }
                    if case .more = frame { break }
                }
            }
        }
        return reading
    }

    private static let rows: [[[UInt8]?]] = [
        [[1, 2], Array(1...40), nil, [9]], [nil, nil, [], nil], [[], [], [7], [8, 8]], [Array(1...9), [5], nil, nil],
    ]

    private static func expected(_ column: Int) -> [Framed] {
        rows.map { row in
            Framed(
                leading: Array(row[..<column]), valueBytes: row[column]?.count, value: row[column] ?? [],
                trailing: Array(row[(column + 1)...]))
        }
    }

    @Test(arguments: 0...3)
    func `rows cut anywhere come as head, value and tail`(column: Int) {
        let bytes = Self.rows.reduce(BackendBytes()) { $0.row($1) }.bytes
        for parts in ByteSplits.all(of: bytes) {
            let reading = read(parts, column: column, of: 4)
            #expect(reading.rows == Self.expected(column) && reading.violation == nil)
        }
    }

    @Test func `a value is handed out as it comes, however long, without room of its own`() {
        let value = (0..<300_000).map { UInt8(truncatingIfNeeded: $0) }
        let bytes = BackendBytes().row([[1], value, [2]]).bytes
        let parts = stride(from: 0, to: bytes.count, by: 5_000).map { Array(bytes[$0..<min($0 + 5_000, bytes.count)]) }
        let reading = read(parts, column: 1, of: 3)
        #expect(reading.rows == [Framed(leading: [[1]], valueBytes: 300_000, value: value, trailing: [[2]])])
        #expect(reading.largestWish <= 16)
    }

    @Test func `what is no row is left to others`() {
        var framing = ValueFraming(column: 0)
        let slab = ReceiveSlab(capacity: 64)
        let message = BackendBytes().message("C", [0x53, 0]).bytes
        _ = slab.receive { output in for byte in message { output.append(byte) } }
        let frame = framing.next(in: slab, columnCount: 1, lengthMax: 100)
        #expect(frame == nil)
        #expect(!framing.isWithinRow && framing.bytesLeft == 0)
    }

    @Test func `what is left of a row is known`() {
        var framing = ValueFraming(column: 0)
        let slab = ReceiveSlab(capacity: 64)
        let row = BackendBytes().row([[1, 2, 3], [4]]).bytes
        _ = slab.receive { output in for byte in row { output.append(byte) } }
        #expect(framing.next(in: slab, columnCount: 2, lengthMax: 100) != nil)
        #expect(framing.isWithinRow && framing.bytesLeft == 3 + 5)
        #expect(framing.next(in: slab, columnCount: 2, lengthMax: 100) != nil)
        #expect(framing.bytesLeft == 5)
        #expect(framing.next(in: slab, columnCount: 2, lengthMax: 100) != nil)
        #expect(!framing.isWithinRow && framing.bytesLeft == 0)
    }

    /// A row with fields as they are given, whether they hold together or not.
    private static func row(length: Int32, columns: UInt16, _ cells: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = [UInt8(ascii: "D")]
        for shift in stride(from: 24, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: length >> shift)) }
        bytes += [UInt8(columns >> 8), UInt8(truncatingIfNeeded: columns)]
        return bytes + cells
    }

    private static let lies: [[UInt8]] = [
        row(length: 3, columns: 3, []), row(length: -1, columns: 3, []), row(length: 17, columns: 3, []),
        row(length: .max, columns: 3, [0, 0, 0, 0]), row(length: 18, columns: 2, [0, 0, 0, 0]),
        // A cell before the value, the value, and a cell after it that go beyond the row.
        row(length: 18, columns: 3, [0, 0, 0, 1, 9]), row(length: 18, columns: 3, [0x7F, 0xFF, 0xFF, 0xFF]),
        row(length: 18, columns: 3, [0, 0, 0, 0, 0, 0, 0, 1]), row(length: 18, columns: 3, [0xFF, 0xFF, 0xFF, 0xFE]),
        row(length: 18, columns: 3, [0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFE]),
        row(length: 18, columns: 3, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]),
        row(length: 18, columns: 3, [0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xF0]),
        // Bytes that belong to no cell.
        row(length: 19, columns: 3, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7]),
    ]

    @Test(arguments: lies.indices)
    func `a row that lies about its lengths is refused`(index: Int) {
        for parts in ByteSplits.all(of: Self.lies[index]) {
            #expect(read(parts, column: 1, of: 3).violation != nil)
        }
    }

    @Test func `what is before and after the value has the limit of rows`() {
        let long = [UInt8](repeating: 1, count: 200)
        for cells in [[long, [1], nil], [nil, [1], long]] {
            let bytes = BackendBytes().row(cells).bytes
            #expect(read([bytes], column: 1, of: 3, lengthMax: 100).violation?.kind == .messageTooLarge)
            // Before it has come.
            #expect(
                read([Array(bytes.prefix(20))], column: 1, of: 3, lengthMax: 100).violation?.kind == .messageTooLarge)
        }
        let bytes = BackendBytes().row([nil, long, nil]).bytes
        #expect(read([bytes], column: 1, of: 3, lengthMax: 100).violation == nil)
    }
}
