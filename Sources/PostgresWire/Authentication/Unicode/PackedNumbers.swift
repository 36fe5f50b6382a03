/// The numbers that scripts/generate-unicode-tables packed into text.
///
/// A number is a run of Base64 digits with five bits each, the lowest first; the sixth bit says that more follow.
struct PackedNumbers: Sequence, IteratorProtocol {
    private var digits: String.UTF8View.Iterator

    init(_ text: String) {
        digits = text.utf8.makeIterator()
    }

    mutating func next() -> UInt32? {
        var number: UInt32 = 0
        var shift: UInt32 = 0
        while let digit = digits.next().flatMap(Base64.value) {
            number |= (digit & 31) << shift
            shift += 5
            if digit < 32 { return number }
        }
        return nil
    }
}
