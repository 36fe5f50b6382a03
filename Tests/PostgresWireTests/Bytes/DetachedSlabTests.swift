import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct DetachedSlabTests {
    /// Rows of one cell each, of these lengths, framed.
    private func slab(_ lengths: [Int], account: SlabAccount? = nil) -> ReceiveSlab {
        let rows = lengths.reduce(BackendBytes()) { $0.row([[UInt8](repeating: UInt8($1 & 255), count: $1)]) }
        let slab = ReceiveSlab(capacity: rows.bytes.count + 64, account: account)
        _ = slab.receive { output in for byte in rows.bytes { output.append(byte) } }
        var deframer = Deframer()
        deframer.isAuthenticated = true
        _ = deframer.next(in: slab, columnCount: 1)
        return slab
    }

    private func cell(_ row: Int, of slab: ReceiveSlab) throws -> [UInt8]? {
        let types = ColumnTypes([ColumnType(typeOID: 25, format: .binary)])
        defer { extendLifetime((slab, types)) }
        var cells = unsafe slab.cells(ofRow: row, types: types)
        guard let bytes = try cells.next() else { return nil }
        return [UInt8](copying: bytes)
    }

    @Test func `a detached row has the same cells and holds little else`() throws {
        let account = SlabAccount()
        let original = slab([0, 3, 5_000, 7], account: account)
        let held = account.held
        for row in 0..<4 {
            let copy = original.detached(row..<row + 1)
            #expect(try cell(0, of: copy) == cell(row, of: original))
            #expect(copy.byteCount <= 2 * original.byteCount(ofRows: row..<row + 1) + 16)
        }
        #expect(account.held == held, "a copy is not the connection's memory any more")
    }

    @Test func `detached rows stay in order`() throws {
        let lengths = Array(0..<300)
        let original = slab(lengths)
        let copy = original.detached(100..<300)
        #expect(copy.rowCount == 200 && copy.isFramed)
        for row in 0..<200 { #expect(try cell(row, of: copy)?.count == 100 + row) }
        #expect(copy.byteCount(ofRows: 0..<200) == original.byteCount(ofRows: 100..<300))
    }

    @Test func `a full table of the smallest rows can be detached`() {
        let rows = BackendBytes.repeated(BackendBytes().row([]).bytes, count: 40_000)
        let original = ReceiveSlab(capacity: 300_000)
        _ = original.receive { output in for byte in rows { output.append(byte) } }
        var deframer = Deframer()
        deframer.isAuthenticated = true
        _ = deframer.next(in: original, columnCount: 0)
        #expect(original.isRowTableFull)
        let copy = original.detached(0..<original.rowCount)
        #expect(copy.rowCount == original.rowCount)
        #expect(copy.byteCount(ofRows: 0..<copy.rowCount) == 7 * copy.rowCount)
    }

    @Test func `the front of some rows is cut by bytes, and is never empty`() {
        let slab = slab(Array(repeating: 89, count: 50))
        #expect(slab.byteCount(ofRows: 0..<1) == 100)
        for bytes in [1, 100, 199] { #expect(slab.prefix(of: 10..<50, bytesMax: bytes) == 10..<11) }
        #expect(slab.prefix(of: 10..<50, bytesMax: 1_099) == 10..<20)
        #expect(slab.prefix(of: 10..<50, bytesMax: 1_100) == 10..<21)
        for bytes in [4_000, .max] { #expect(slab.prefix(of: 10..<50, bytesMax: bytes) == 10..<50) }
        #expect(slab.prefix(of: 10..<10, bytesMax: 1) == 10..<10)
    }

    @Test func `an account is exact whatever order slabs go in`() {
        let account = SlabAccount()
        var slabs: [ReceiveSlab?] = (1...20).map { ReceiveSlab(capacity: $0 * 1_000, account: account) }
        var generator = SeededGenerator(seed: 11)
        let total = slabs.reduce(0) { $0 + ($1?.byteCount ?? 0) }
        #expect(account.held == total)
        for index in slabs.indices.shuffled(using: &generator) {
            slabs[index] = nil
            #expect(account.held == slabs.reduce(0) { $0 + ($1?.byteCount ?? 0) })
        }
        #expect(account.held == 0)
        #expect(account.peak == total)
        account.resetPeak()
        #expect(account.peak == 0)
    }
}
