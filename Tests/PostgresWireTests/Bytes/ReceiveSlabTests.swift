import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct ReceiveSlabTests {
    @Test func `received bytes lie behind those received before`() {
        let slab = ReceiveSlab(capacity: 8)
        receive([1, 2, 3], into: slab)
        receive([4, 5], into: slab)
        #expect(slab.start == 0 && slab.end == 5 && slab.room == 3)
        #expect([UInt8](copying: slab.bytes(0..<5)) == [1, 2, 3, 4, 5])
        #expect([UInt8](copying: slab.bytes(2..<4)) == [3, 4])
    }

    @Test func `a read that fails leaves the slab as it was`() {
        struct Refused: Error {}
        let slab = ReceiveSlab(capacity: 8)
        receive([1], into: slab)
        #expect(throws: Refused.self) {
            try slab.receive { output throws(Refused) in
                output.append(9)
                throw Refused()
            }
        }
        #expect(slab.end == 1 && slab.room == 7)
    }

    @Test func `a full slab has no room and gives none`() {
        let slab = ReceiveSlab(capacity: 2)
        receive([1, 2], into: slab)
        let count = slab.receive { output in #expect(output.freeCapacity == 0) }
        #expect(count == 0 && slab.room == 0)
    }

    @Test func `an unfinished tail moves to the front`() {
        let message = BackendBytes().message("Z", [0x49]).bytes
        for tail in [[], [7], Array(1...20)] as [[UInt8]] {
            let slab = ReceiveSlab(capacity: 64)
            receive(message + [0x53] + BackendBytes.int32(100) + tail, into: slab)
            guard case .message = authenticated.next(in: slab, columnCount: nil) else {
                Issue.record("the first message is whole")
                continue
            }
            slab.compact()
            #expect(slab.start == 0 && slab.end == 5 + tail.count)
            #expect([UInt8](copying: slab.bytes(5..<slab.end)) == tail)
        }
    }

    @Test func `a compacted slab has its whole table of rows again`() {
        let slab = ReceiveSlab(capacity: 64)
        receive(BackendBytes().row([[1]]).row([[2]]).bytes, into: slab)
        guard case .rows(0..<2) = authenticated.next(in: slab, columnCount: 1) else {
            Issue.record("two rows are whole")
            return
        }
        #expect(slab.rowCount == 2 && slab.isFramed)
        slab.compact()
        #expect(slab.rowCount == 0 && slab.end == 0 && slab.room == 64)
    }

    @Test func `another slab takes over the tail and leaves the first as it was`() {
        let first = ReceiveSlab(capacity: 32)
        receive(BackendBytes().row([[1]]).bytes + [0x44, 0, 0], into: first)
        guard case .rows(0..<1) = authenticated.next(in: first, columnCount: 1) else {
            Issue.record("one row is whole")
            return
        }
        let second = ReceiveSlab(capacity: 8)
        second.takeTail(of: first)
        #expect([UInt8](copying: second.bytes(0..<second.end)) == [0x44, 0, 0])
        #expect(first.end == 15 && first.rowCount == 1)
    }

    private var authenticated: Deframer {
        var deframer = Deframer()
        deframer.isAuthenticated = true
        return deframer
    }

    private func receive(_ bytes: [UInt8], into slab: ReceiveSlab) {
        _ = slab.receive { output in for byte in bytes { output.append(byte) } }
    }
}
