/// Finds the members of one object that have the same name.
///
/// The names are entered into a table of hashes with a seed of the process, so the time is linear in their number and
/// length, and nobody can choose names that collide.
struct DuplicateKeys: ~Copyable, ~Escapable {
    private let bytes: RawSpan
    private var tape: MutableSpan<TapeEntry>
    private let object: Int
    /// Up to this many members are compared one with each other.
    private static let pairwiseMax = 8
    private static let empty = UInt32.max
    /// The same for all documents of the process, and nobody's to guess.
    private static let seed = UInt64.random(in: .min ... .max) | 1

    @_lifetime(copy bytes, copy tape)
    init(bytes: RawSpan, tape: consuming MutableSpan<TapeEntry>, object: Int) {
        self.bytes = bytes
        self.tape = tape
        self.object = object
    }

    /// Hides the members that do not count, or returns the name that is there again where that is refused.
    @_lifetime(self: copy self)
    mutating func settle(_ rule: JSONDuplicateKeys) -> Int? {
        var keys: [Int] = []
        var key = object + 1
        while key < tape.count {
            keys.append(key)
            key += 2 + Int(tape[key + 1].extent)
        }
        let found = keys.count <= Self.pairwiseMax ? pairs(keys) : hashed(keys)
        guard !found.isEmpty else { return nil }
        if rule == .reject { return found[0].later }
        for pair in found {
            let hidden = rule == .keepFirst ? pair.later : pair.earlier
            tape[hidden].byteCount = TapeEntry.shadowed
        }
        return nil
    }

    private typealias Pair = (earlier: Int, later: Int)

    private func pairs(_ keys: [Int]) -> [Pair] {
        var found: [Pair] = []
        for later in keys.indices.dropFirst() {
            // The nearest one before, so that each is hidden once.
            if let earlier = keys[..<later].last(where: { isSame($0, keys[later]) }) {
                found.append((earlier, keys[later]))
            }
        }
        // With the first one to be kept, all that follow it are hidden: a pair's later one is each time another.
        return found
    }

    /// The same for many: open addressing, in a table at most half full.
    private func hashed(_ keys: [Int]) -> [Pair] {
        var bits = 5
        while 1 << bits < keys.count * 2 { bits += 1 }
        var table = [UInt32](repeating: Self.empty, count: 1 << bits)
        var found: [Pair] = []
        for key in keys {
            var slot = Int(truncatingIfNeeded: hash(of: key) >> UInt64(64 - bits))
            while table[slot] != Self.empty, !isSame(Int(table[slot]), key) { slot = (slot + 1) & (table.count - 1) }
            if table[slot] != Self.empty { found.append((Int(table[slot]), key)) }
            table[slot] = UInt32(truncatingIfNeeded: key)
        }
        return found
    }

    private func isSame(_ first: Int, _ second: Int) -> Bool {
        let (one, other) = (tape[first], tape[second])
        guard (one.meta | other.meta) & TapeEntry.hasEscapes == 0 else {
            return StringText(bytes, one).isEqual(to: StringText(bytes, other))
        }
        return one.byteCount == other.byteCount
            && bytes.isEqual(one.start, to: bytes, other.start, count: Int(one.byteCount))
    }

    private func hash(of key: Int) -> UInt64 {
        var hash = Self.seed
        StringText(bytes, tape[key]).forEachByte { byte in
            let mixed = (hash ^ UInt64(byte)).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
            hash = mixed.high ^ mixed.low ^ Self.seed
        }
        return hash.multipliedFullWidth(by: Self.seed).low
    }
}
