import PostgresTestSupport
import PostgresWire
import Testing

@Suite struct RowWalkTests {
    @Test func `a walk gives the rows of its range in order`() throws {
        let bytes = (0..<20).reduce(BackendBytes()) { bytes, index in
            bytes.row([[UInt8](repeating: UInt8(index), count: index), nil])
        }
        var reader = FrameReader(columnCount: 2, keepsChunks: true)
        reader.receive(bytes.bytes)
        let chunk = try #require(reader.chunks.first)
        let rows = try chunk.cells()
        for range in [0..<20, 0..<1, 19..<20, 5..<15, 7..<7] {
            #expect(try walk(range, of: chunk) == Array(rows[range]))
        }
    }

    @Test func `a walk over nothing is at its end`() {
        #expect(RowWalk().isAtEnd)
    }

    private func walk(_ rows: Range<Int>, of chunk: FrameReader.Chunk) throws -> [[[UInt8]?]] {
        try withExtendedLifetime(chunk) {
            var walk = RowWalk(rows, of: chunk.slab, types: chunk.types)
            var copied: [[[UInt8]?]] = []
            while !walk.isAtEnd {
                var cells = walk.advance()
                copied.append(try [[UInt8]?](copying: &cells))
            }
            return copied
        }
    }
}
