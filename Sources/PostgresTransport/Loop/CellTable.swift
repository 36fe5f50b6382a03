/// The cells of a loop's descriptors, each found by its token without a search.
package struct CellTable {
    private struct Slot {
        /// Counts the cells that the slot has had: an event that is late does not find its successor.
        var generation: UInt32 = 0
        var cell: ReadinessCell?
    }

    private var slots: [Slot] = []
    private var freeSlots: [UInt32] = []

    /// An empty table.
    package init() {}

    /// The number of cells.
    package var count: Int { slots.count - freeSlots.count }

    /// Puts a cell in and returns its token, which is not the poller's own.
    package mutating func insert(_ cell: ReadinessCell) -> UInt64 {
        let index = freeSlots.popLast() ?? UInt32(slots.count)
        if Int(index) == slots.count { slots.append(Slot()) }
        slots[Int(index)].generation &+= 1
        slots[Int(index)].cell = cell
        return UInt64(slots[Int(index)].generation) << 32 | UInt64(index) + Poller.wakeUpToken + 1
    }

    /// The cell with that token; nil where it was removed.
    package subscript(token: UInt64) -> ReadinessCell? {
        guard let index = index(of: token) else { return nil }
        return slots[index].cell
    }

    /// Takes a cell out.
    package mutating func remove(_ token: UInt64) {
        guard let index = index(of: token), slots[index].cell != nil else { return }
        slots[index].cell = nil
        freeSlots.append(UInt32(index))
    }

    private func index(of token: UInt64) -> Int? {
        let index = Int(UInt32(truncatingIfNeeded: token)) - Int(Poller.wakeUpToken) - 1
        guard slots.indices.contains(index), slots[index].generation == UInt32(token >> 32) else { return nil }
        return index
    }
}
