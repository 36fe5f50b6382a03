/// What scalars decompose into, and what pairs of them compose into.
///
/// It covers the scalars that SASLprep lets through, all of which Unicode 3.2 had. Their normalisation is the same in
/// every later version: Unicode promises that of all characters once they are assigned.
struct NormalizationTable: Sendable {
    /// The scalars that decompose, ascending.
    private var scalars: [UInt32] = []
    /// Where in `parts` the decomposition of the scalar in the same place ends, and the next one begins.
    private var ends: [Int] = []
    private var parts: [Unicode.Scalar] = []
    private var composites: [Pair: Unicode.Scalar] = [:]

    private struct Pair: Hashable {
        let first: Unicode.Scalar
        let second: Unicode.Scalar
    }

    /// Unpacks, for each scalar, its distance from the one before; twice the number of its parts, and one more if they
    /// compose again; each part as its difference from the one in the same place of the entry before.
    ///
    /// The text is a constant of ours, not a peer's, so nothing is checked here that the script guarantees.
    init(packed text: String) {
        var numbers = PackedNumbers(text)
        var scalar: UInt32 = 0
        var places = [Int64](repeating: 0, count: Self.partsMax)
        while let distance = numbers.next(), let header = numbers.next() {
            scalar += distance
            for place in 0..<min(Int(header / 2), Self.partsMax) {
                places[place] += Self.difference(numbers.next() ?? 0)
                if let part = Unicode.Scalar(UInt32(places[place])) { parts.append(part) }
            }
            scalars.append(scalar)
            ends.append(parts.count)
            guard !header.isMultiple(of: 2), let composite = Unicode.Scalar(scalar) else { continue }
            composites[Pair(first: parts[parts.count - 2], second: parts[parts.count - 1])] = composite
        }
    }

    /// Returns what the scalar decomposes into by one step; empty if it does not.
    func decomposition(of scalar: Unicode.Scalar) -> ArraySlice<Unicode.Scalar> {
        guard let index = scalars.sortedIndex(atOrBelow: scalar.value), scalars[index] == scalar.value else {
            return HangulSyllable.letters(of: scalar)[...]
        }
        return parts[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
    }

    /// Returns the one scalar that the two are canonically the same as, unless Unicode excludes it from composition.
    func composite(of first: Unicode.Scalar, and second: Unicode.Scalar) -> Unicode.Scalar? {
        composites[Pair(first: first, second: second)] ?? HangulSyllable.composite(of: first, and: second)
    }

    /// The longest decomposition there is, that of U+FDFA.
    private static let partsMax = 18

    /// Odd numbers stand for negative differences.
    private static func difference(_ number: UInt32) -> Int64 {
        number.isMultiple(of: 2) ? Int64(number / 2) : -Int64(number / 2) - 1
    }
}
