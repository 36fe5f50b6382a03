/// A set of Unicode scalars as ranges, in which a scalar is found by halving.
struct ScalarSet: Sendable {
    /// The first scalar of each range, ascending.
    private var firsts: [UInt32] = []
    /// The last scalar of the range in the same place.
    private var lasts: [UInt32] = []

    /// Unpacks, for each range, its distance from the end of the one before and how many more scalars it has.
    init(packed text: String) {
        var numbers = PackedNumbers(text)
        var end: UInt32 = 0
        while let distance = numbers.next(), let more = numbers.next() {
            firsts.append(end + distance)
            lasts.append(end + distance + more)
            end += distance + more + 1
        }
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        guard let range = firsts.sortedIndex(atOrBelow: scalar.value) else { return false }
        return scalar.value <= lasts[range]
    }
}
