import PostgresTestSupport
import PostgresWire
import Testing

/// A long stream of mixed messages, cut at random.
@Suite struct RecordedStreamTests {
    private typealias Piece = FrameReader.Piece

    @Test(arguments: [1, 13, 200, 5_000, 100_000])
    func `a stream cut at random gives the same frames`(partBytesMax: Int) {
        let seed = announcedSeed()
        var generator = SeededGenerator(seed: seed)
        let stream = Stream(messages: 4_000, using: &generator)
        var reader = FrameReader(slabBytesMax: 32 << 10)
        let pieces = reader.receive(parts: cut(stream.bytes, partBytesMax, using: &generator))
        // Compared as a whole and not printed: the stream is long.
        let isEqual = pieces == stream.pieces
        #expect(isEqual, "seed \(seed): \(pieces.count) pieces where \(stream.pieces.count) were sent")
    }

    @Test(arguments: [97, 30_000])
    func `what a consumer holds is never overwritten`(partBytesMax: Int) throws {
        let seed = announcedSeed()
        var generator = SeededGenerator(seed: seed)
        let stream = Stream(messages: 2_000, using: &generator)
        var reader = FrameReader(slabBytesMax: 16 << 10, keepsChunks: true)
        _ = reader.receive(parts: cut(stream.bytes, partBytesMax, using: &generator))
        let sent = stream.pieces.compactMap { if case .row(let cells) = $0 { cells } else { nil } }
        let held = try reader.chunks.flatMap { try $0.cells() }
        let isEqual = held == sent
        #expect(isEqual, "seed \(seed): the rows held are not the rows sent")
    }

    @Test func `a stream whose front is damaged never traps`() {
        let seed = announcedSeed()
        var generator = SeededGenerator(seed: seed)
        var mutations = ByteMutations(seed: seed, words: ["D\0\0\0", "T\0\0\0", "D\0\0\0\u{4}"])
        let stream = Stream(messages: 12, using: &generator)
        for _ in 0..<3_000 {
            var reader = FrameReader(slabBytesMax: 8 << 10)
            let bytes = mutations.next(of: stream.bytes)
            _ = reader.receive(parts: cut(bytes, 1_000, using: &generator))
        }
    }

    private func announcedSeed(_ name: String = #function) -> UInt64 {
        let seed = UInt64.random(in: .min ... .max)
        // A trap would take the failure message with it, so the seed is out before anything is framed.
        print("\(name): seed \(seed)")
        return seed
    }

    private func cut(
        _ bytes: [UInt8], _ partBytesMax: Int, using generator: inout SeededGenerator
    ) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Int.random(in: 1...partBytesMax, using: &generator))
            parts.append(Array(bytes[start..<end]))
            start = end
        }
        return parts
    }

    /// Results with rows of all sizes, and messages between and among them.
    private struct Stream {
        var bytes: [UInt8] = []
        var pieces: [Piece] = []

        init(messages: Int, using generator: inout SeededGenerator) {
            let others = BackendMessageSamples.all.filter { !"TCE".utf8.contains($0.type) }
            while pieces.count < messages {
                let columnCount = Int.random(in: 0...5, using: &generator)
                // FrameReader reads the count alone, so the columns need not be described.
                append("T", BackendBytes.int16(Int16(columnCount)))
                for _ in 0..<Int.random(in: 0...300, using: &generator) {
                    appendRow(columnCount, using: &generator)
                    guard Int.random(in: 0..<20, using: &generator) == 0 else { continue }
                    guard let other = others.randomElement(using: &generator) else { continue }
                    bytes += other.bytes
                    pieces.append(.message(type: other.type, body: other.body))
                }
                append("C", BackendBytes.string("SELECT"))
            }
        }

        private mutating func append(_ type: Character, _ body: [UInt8]) {
            bytes += BackendBytes().message(type, body).bytes
            pieces.append(.message(type: type.asciiValue ?? 0, body: body))
        }

        private mutating func appendRow(_ columnCount: Int, using generator: inout SeededGenerator) {
            let bytesMax = Int.random(in: 0..<500, using: &generator) == 0 ? 60_000 : 40
            let cells: [[UInt8]?] = (0..<columnCount).map { _ in
                guard Int.random(in: 0..<6, using: &generator) > 0 else { return nil }
                let byte = UInt8(truncatingIfNeeded: generator.next())
                return [UInt8](repeating: byte, count: Int.random(in: 0...bytesMax, using: &generator))
            }
            bytes += BackendBytes().row(cells).bytes
            pieces.append(.row(cells))
        }
    }
}
