import PostgresTransport
import Testing

/// How a loop finds the cell of a descriptor.
@Suite struct CellTableTests {
    private let loop: EventLoop

    init() throws { loop = try EventLoops.first() }

    @Test func `each token finds its own cell, and no token is the poller's`() {
        var table = CellTable()
        let cells = (0..<5).map { _ in ReadinessCell(loop: loop) }
        let tokens = cells.map { table.insert($0) }
        #expect(Set(tokens).count == 5 && !tokens.contains(0))
        for (cell, token) in zip(cells, tokens) { #expect(table[token] === cell) }
    }

    @Test func `the token of a cell that was removed finds nothing, also when its place is another's`() {
        var table = CellTable()
        let old = table.insert(ReadinessCell(loop: loop))
        let other = ReadinessCell(loop: loop)
        let otherToken = table.insert(other)
        table.remove(old)
        table.remove(old)
        #expect(table[old] == nil)
        let new = ReadinessCell(loop: loop)
        let token = table.insert(new)
        #expect(token != old && table[old] == nil && table[token] === new && table[otherToken] === other)
        table.remove(old)
        #expect(table[token] === new)
    }

    @Test func `tokens that nobody was given find nothing`() {
        var table = CellTable()
        _ = table.insert(ReadinessCell(loop: loop))
        for token: UInt64 in [0, 1, 2, 1 << 32, 1 << 32 | 7, UInt64.max] { #expect(table[token] == nil) }
    }
}
