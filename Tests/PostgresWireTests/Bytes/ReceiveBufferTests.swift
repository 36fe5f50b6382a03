import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct ReceiveBufferTests {
    private static let message = BackendBytes().message("S", BackendBytes.string("a") + BackendBytes.string("b")).bytes

    @Test func `a slab that nobody else holds is used again`() {
        var reader = FrameReader(columnCount: 1)
        let first = ObjectIdentifier(reader.buffer.slab)
        for index in 0..<2_000 { reader.receive(BackendBytes().row([[UInt8(truncatingIfNeeded: index)]]).bytes) }
        #expect(ObjectIdentifier(reader.buffer.slab) == first)
    }

    @Test func `a slab that a consumer let go is used again`() {
        var buffer = ReceiveBuffer()
        let first = ObjectIdentifier(buffer.slab)
        var held: ReceiveSlab? = buffer.slab
        receive(BackendBytes().row([[1]]).bytes, into: &buffer)
        frame(buffer.slab)
        buffer.makeRoom(messageBytes: 5)
        #expect(buffer.slab.end == 12, "nothing is overwritten while \(held?.end ?? 0) bytes are held")
        held = nil
        buffer.makeRoom(messageBytes: 5)
        #expect(ObjectIdentifier(buffer.slab) == first)
        #expect(buffer.slab.end == 0 && buffer.slab.rowCount == 0)
    }

    @Test func `a slab that is held is filled up, then replaced`() {
        var buffer = ReceiveBuffer()
        let first = buffer.slab
        let row = BackendBytes().row([[UInt8](repeating: 1, count: 239)]).bytes
        #expect(row.count == 250)
        for count in 1...4 {
            buffer.makeRoom(messageBytes: 5)
            #expect(buffer.slab === first)
            receive(row, into: &buffer)
            frame(buffer.slab)
            #expect(first.rowCount == count)
        }
        receive(row, into: &buffer)
        frame(buffer.slab)
        // Little room is not worth a read of its own.
        buffer.makeRoom(messageBytes: 5)
        #expect(buffer.slab !== first)
        #expect(first.rowCount == 5 && first.end == 1_250)
        #expect(buffer.slab.end == 0)
    }

    @Test func `the tail behind what is held moves to the next slab`() {
        var buffer = ReceiveBuffer()
        let first = buffer.slab
        let row = BackendBytes().row([[UInt8](repeating: 1, count: 1_500)]).bytes
        receive(row + row.prefix(500), into: &buffer)
        frame(first)
        buffer.makeRoom(messageBytes: row.count)
        #expect(buffer.slab !== first)
        #expect([UInt8](copying: buffer.slab.bytes(0..<buffer.slab.end)) == Array(row.prefix(500)))
        #expect(first.end == row.count + 500 && first.rowCount == 1)
    }

    @Test func `slabs grow while reads come back full, up to their limit`() {
        var buffer = ReceiveBuffer(slabBytesMax: 100 << 10)
        var capacities = [buffer.slab.capacity]
        for _ in 0..<5 {
            buffer.makeRoom(messageBytes: 5)
            let room = buffer.slab.room
            receive(messages(filling: room), into: &buffer)
            buffer.noteRead(room, room: room)
            frame(buffer.slab)
            buffer.makeRoom(messageBytes: 5)
            capacities.append(buffer.slab.capacity)
        }
        #expect(capacities == [2 << 10, 8 << 10, 32 << 10, 100 << 10, 100 << 10, 100 << 10])
    }

    @Test func `slabs stay small while reads do not fill them`() {
        var reader = FrameReader()
        for _ in 0..<10_000 { reader.receive(Self.message) }
        #expect(reader.buffer.slab.capacity == ReceiveBuffer.slabBytesMin)
    }

    @Test func `slabs are never smaller than the smallest`() {
        #expect(ReceiveBuffer(slabBytesMax: 1).slab.capacity == ReceiveBuffer.slabBytesMin)
    }

    @Test func `a large message gets room for all of it, whoever holds the slab`() {
        for isHeld in [true, false] {
            var buffer = ReceiveBuffer()
            let held = isHeld ? buffer.slab : nil
            let front: [UInt8] = [UInt8(ascii: "S")] + BackendBytes.int32(99_999) + [1, 2, 3]
            receive(front, into: &buffer)
            buffer.makeRoom(messageBytes: 100_000)
            #expect(buffer.slab.room == 100_000 - front.count, "held: \(held != nil)")
            #expect([UInt8](copying: buffer.slab.bytes(0..<front.count)) == front)
        }
    }

    @Test func `the last bytes of a large message need no further slab`() {
        let account = SlabAccount()
        var buffer = ReceiveBuffer(account: account)
        receive([UInt8(ascii: "S")] + BackendBytes.int32(999_999), into: &buffer)
        buffer.makeRoom(messageBytes: 1_000_000)
        let (slab, held) = (ObjectIdentifier(buffer.slab), account.held)
        while buffer.slab.room > 0 {
            receive([UInt8](repeating: 0, count: min(buffer.slab.room, 997)), into: &buffer)
            guard buffer.slab.room > 0 else { break }
            #expect(buffer.slabToTake(messageBytes: 1_000_000) == nil)
            buffer.makeRoom(messageBytes: 1_000_000)
        }
        #expect(ObjectIdentifier(buffer.slab) == slab && buffer.slab.end == 1_000_000)
        #expect(
            account.held == held && account.peak <= held + ReceiveSlab.byteCount(capacity: ReceiveBuffer.slabBytesMin))
    }

    @Test func `a slab made for one large message is not kept`() {
        var reader = FrameReader()
        reader.receive(BackendBytes().message("S", [UInt8](repeating: 0, count: 600_000)).bytes)
        #expect(reader.buffer.slab.capacity > 600_000)
        reader.receive(Self.message)
        #expect(reader.buffer.slab.capacity <= 256 << 10)
    }

    @Test func `a slab made for a message not much larger than usual is used again`() {
        var reader = FrameReader()
        let large = BackendBytes().message("S", [UInt8](repeating: 0, count: 300_000)).bytes
        for _ in 0..<4 { reader.receive(large) }
        let first = ObjectIdentifier(reader.buffer.slab)
        for _ in 0..<4 { reader.receive(large) }
        #expect(ObjectIdentifier(reader.buffer.slab) == first)
    }

    /// Whole messages of exactly `count` bytes.
    private func messages(filling count: Int) -> [UInt8] {
        BackendBytes().message("S", [UInt8](repeating: 0, count: count - 5)).bytes
    }

    private func receive(_ bytes: [UInt8], into buffer: inout ReceiveBuffer) {
        let count = buffer.slab.receive { output in for byte in bytes { output.append(byte) } }
        #expect(count == bytes.count)
    }

    private func frame(_ slab: ReceiveSlab) {
        var deframer = Deframer()
        deframer.isAuthenticated = true
        while true {
            switch deframer.next(in: slab, columnCount: 1) {
            case .message, .rows: continue
            case .more: return
            case .slabFull, .violation: Issue.record("whole messages were expected")
            }
            return
        }
    }
}
