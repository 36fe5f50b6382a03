/// Statements in the order in which they were last used, each in a slot that it knows.
struct UseOrder {
    private struct Slot {
        var statement: KnownStatement?
        /// The neighbours' indices, −1 at the ends.
        var older = -1
        var newer = -1
    }

    private var slots: [Slot] = []
    private var freeSlots: [Int] = []
    private var oldest = -1
    private var newest = -1

    /// Puts a statement in that is new.
    mutating func append(_ statement: KnownStatement) {
        let index = freeSlots.popLast() ?? slots.count
        if index == slots.count { slots.append(Slot()) }
        slots[index].statement = statement
        statement.slot = index
        link(index)
    }

    /// Makes a statement the newest.
    mutating func touch(_ statement: KnownStatement) {
        guard statement.slot != newest else { return }
        unlink(statement.slot)
        link(statement.slot)
    }

    /// The one that was not used for longest; nil where there is none.
    var oldestStatement: KnownStatement? { oldest >= 0 ? slots[oldest].statement : nil }

    /// Takes a statement out.
    mutating func remove(_ statement: KnownStatement) {
        let index = statement.slot
        unlink(index)
        freeSlots.append(index)
        slots[index] = Slot()
        statement.slot = -1
    }

    private mutating func link(_ index: Int) {
        slots[index].older = newest
        slots[index].newer = -1
        if newest >= 0 { slots[newest].newer = index } else { oldest = index }
        newest = index
    }

    private mutating func unlink(_ index: Int) {
        let (older, newer) = (slots[index].older, slots[index].newer)
        if older >= 0 { slots[older].newer = newer } else { oldest = newer }
        if newer >= 0 { slots[newer].older = older } else { newest = older }
    }
}
