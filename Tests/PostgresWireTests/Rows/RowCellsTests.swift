import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct RowCellsTests {
    @Test func `cells are values, NULLs and empty values from left to right`() throws {
        let cells: [[UInt8]?] = [[7, 8], nil, [], [9]]
        #expect(try read(bytes(of: cells), columnCount: 4) == cells)
    }

    @Test func `a row without columns has no cells`() throws {
        #expect(try read([], columnCount: 0) == [])
    }

    @Test(arguments: [-2, -256, Int32.min])
    func `a negative length other than minus one is a violation`(length: Int32) {
        #expect(throws: Self.violation) { try read(BackendBytes.int32(length), columnCount: 1) }
    }

    @Test(arguments: [1, 5, 256, Int32.max])
    func `a cell that reaches beyond its row is a violation`(excess: Int32) {
        let length = excess == .max ? excess : 3 + excess
        let body = BackendBytes.int32(length) + [1, 2, 3]
        #expect(throws: Self.violation) { try read(body, columnCount: 1) }
    }

    @Test func `bytes that no cell claims are a violation`() {
        for leftover in [[0], BackendBytes.int32(-1), BackendBytes.int32(0)] as [[UInt8]] {
            #expect(throws: Self.violation) { try read(bytes(of: [[1]]) + leftover, columnCount: 1) }
        }
    }

    @Test func `a row truncated anywhere is a violation and never a trap`() {
        let whole = bytes(of: [[1, 2, 3], nil, [], [4]])
        for count in 0..<whole.count {
            #expect(throws: Self.violation, "first \(count) bytes") {
                try read(Array(whole[..<count]), columnCount: 4)
            }
        }
    }

    @Test func `a row that is left early is not finished`() throws {
        let body = bytes(of: [[1], [2]])
        let types = Self.types(2)
        var cells = RowCells(unsafe body.span.bytes, types: types.span)
        for column in 0..<2 {
            let (isAtEnd, finishes) = (cells.isAtEnd, Self.finishes(cells))
            #expect(!isAtEnd && !finishes, "before column \(column)")
            _ = try cells.next()
        }
        let (isAtEnd, finishes) = (cells.isAtEnd, Self.finishes(cells))
        #expect(isAtEnd && finishes)
    }

    @Test func `a cell is read with the type of its column`() throws {
        let types = [ColumnType(typeOID: 23, format: .binary), ColumnType(typeOID: 25, format: .text)]
        let body = bytes(of: [nil, [1]])
        var cells = RowCells(unsafe body.span.bytes, types: types.span)
        var seen: [ColumnType] = []
        while !cells.isAtEnd {
            seen.append(cells.nextType)
            _ = try cells.next()
        }
        #expect(seen == types)
    }

    @Test func `a cell that does not hold is not stepped over`() {
        let body = BackendBytes.int32(9) + [1]
        let types = Self.types(1)
        var cells = RowCells(unsafe body.span.bytes, types: types.span)
        for _ in 0..<2 {
            do throws(ProtocolViolation) {
                _ = try cells.next()
                Issue.record("the cell was read")
            } catch {
                #expect(error == Self.violation)
            }
        }
        let column = cells.column
        #expect(column == 0)
    }

    private static func finishes(_ cells: borrowing RowCells) -> Bool {
        do throws(ProtocolViolation) {
            try cells.finish()
            return true
        } catch {
            return false
        }
    }

    private static let violation = ProtocolViolation(
        .malformedMessage, "DataRow message's cells do not fit its length")

    private static func types(_ count: Int) -> [ColumnType] {
        Array(repeating: ColumnType(typeOID: 17, format: .binary), count: count)
    }

    private func bytes(of cells: [[UInt8]?]) -> [UInt8] {
        Array(BackendBytes().row(cells).bytes.dropFirst(7))
    }

    private func read(_ bytes: [UInt8], columnCount: Int) throws(ProtocolViolation) -> [[UInt8]?] {
        let types = Self.types(columnCount)
        var cells = RowCells(unsafe bytes.span.bytes, types: types.span)
        return try [[UInt8]?](copying: &cells)
    }
}
