import PostgresWire

/// Counts the receive buffers that hold rows that were not asked for yet.
final class ReceivedBudget {
    fileprivate(set) var bytes = 0
    let bytesMax: Int

    init(bytesMax: Int) { self.bytesMax = max(bytesMax, 1) }

    /// Whether nothing more may be kept.
    var isFull: Bool { bytes >= bytesMax }
}

/// A receive buffer that counts for as long as rows in it are kept, however many results they belong to.
final class PinnedSlab {
    let slab: ReceiveSlab
    private let budget: ReceivedBudget

    init(_ slab: ReceiveSlab, _ budget: ReceivedBudget) {
        self.slab = slab
        self.budget = budget
        budget.bytes += slab.byteCount
    }

    deinit { budget.bytes -= slab.byteCount }
}

/// Rows that came before they were asked for, in the order in which they came.
struct ReceivedRows {
    private var parts: [(pin: PinnedSlab, rows: Range<Int>)] = []
    private var first = 0

    var isEmpty: Bool { first == parts.count }

    mutating func append(_ rows: Range<Int>, in pin: PinnedSlab) { parts.append((pin, rows)) }

    /// Hands out the rows of one read; nil where there are none.
    mutating func next() -> (rows: Range<Int>, slab: ReceiveSlab)? {
        guard first < parts.count else { return nil }
        let part = parts[first]
        first += 1
        if first == parts.count { removeAll() }
        return (part.rows, part.pin.slab)
    }

    mutating func removeAll() {
        parts.removeAll()
        first = 0
    }
}
