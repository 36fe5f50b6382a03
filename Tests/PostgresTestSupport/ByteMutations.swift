/// Damages bytes in ways that a decoder must survive, the same ways for the same seed.
package struct ByteMutations: Sendable {
    private var generator: SeededGenerator
    private let words: [[UInt8]]

    /// Creates a source of damage. `words` are pieces of the format, which reach deeper than random bytes do.
    package init(seed: UInt64, words: [String] = []) {
        generator = SeededGenerator(seed: seed)
        self.words = words.map { Array($0.utf8) } + [[0], [0xFF], []]
    }

    /// Returns `original` with one to three pieces replaced, removed, inserted or doubled; never `original` itself.
    package mutating func next(of original: [UInt8]) -> [UInt8] {
        var bytes = original
        repeat {
            for _ in 0..<Int.random(in: 1...3, using: &generator) { damage(&bytes) }
        } while bytes == original
        return bytes
    }

    private mutating func damage(_ bytes: inout [UInt8]) {
        let start = Int.random(in: 0...bytes.count, using: &generator)
        let end = min(bytes.count, start + Int.random(in: 0...4, using: &generator))
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes.replaceSubrange(start..<end, with: words.randomElement(using: &generator) ?? [])
        case 1: bytes.insert(contentsOf: words.randomElement(using: &generator) ?? [], at: start)
        case 2: bytes.insert(contentsOf: bytes[start..<end], at: Int.random(in: 0...bytes.count, using: &generator))
        case 3: bytes.removeSubrange(start..<end)
        default:
            for index in start..<end { bytes[index] = UInt8.random(in: 0...255, using: &generator) }
        }
    }
}
