/// The dimensions of an array, from the outermost to the innermost; none for an empty array.
@frozen
@usableFromInline
struct PostgresArrayShape {
    /// `0 <= count <= PostgresArrayElements.dimensionsMax`
    @usableFromInline private(set) var count = 0
    private var counts: InlineArray<6, Int32> = .init(repeating: 0)
    private var lowerBounds: InlineArray<6, Int32> = .init(repeating: 1)

    init() {}

    /// Appends an inner dimension; only where fewer than six are there.
    mutating func append(count elements: Int32, lowerBound: Int32) {
        counts[count] = elements
        lowerBounds[count] = lowerBound
        count += 1
    }

    /// The number of elements of a dimension.
    @usableFromInline
    func elementCount(_ dimension: Int) -> Int { Int(counts[dimension]) }

    /// The index of a dimension's first element.
    func lowerBound(_ dimension: Int) -> Int { Int(lowerBounds[dimension]) }

    /// The number of elements in all dimensions together; nil where a dimension is negative or the product overflows.
    var total: Int? {
        guard count > 0 else { return 0 }
        var product = 1
        for dimension in 0..<count {
            guard counts[dimension] >= 0 else { return nil }
            let (next, overflowed) = product.multipliedReportingOverflow(by: Int(counts[dimension]))
            guard !overflowed else { return nil }
            product = next
        }
        return product
    }

    /// Whether so many elements can lie in so many bytes, and every index fits. Where an array has no element it loses its dimensions.
    mutating func isWithin(_ byteCount: Int) -> Bool {
        guard let total, total <= byteCount / 4 else { return false }
        for dimension in 0..<count {
            guard !lowerBounds[dimension].addingReportingOverflow(counts[dimension]).overflow else { return false }
        }
        if total == 0 { count = 0 }
        return true
    }
}
