/// The deadlines of waiting tasks, the earliest first: a binary heap.
struct TimerQueue {
    struct Entry: Sendable {
        let deadline: MonotonicTime
        /// Gone where the socket was closed before the deadline came.
        weak let cell: ReadinessCell?
    }

    private var heap: [Entry] = []
    /// With so many entries those are dropped that have become pointless: a wait of an hour that is over after a
    /// millisecond leaves its entry, and so does every wait that is cut in two by a shorter one.
    private var sweepCount = sweepCountMin
    private static let sweepCountMin = 64

    /// The number of entries.
    var count: Int { heap.count }

    /// The earliest deadline.
    var earliest: MonotonicTime? { heap.first?.deadline }

    mutating func insert(_ cell: ReadinessCell, at deadline: MonotonicTime) {
        if heap.count >= sweepCount { sweep() }
        heap.append(Entry(deadline: deadline, cell: cell))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].deadline < heap[parent].deadline else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes off what is due by now; the clock is not asked where there is nothing.
    mutating func removeDue() -> [Entry] {
        guard !heap.isEmpty else { return [] }
        var due: [Entry] = []
        let now = MonotonicTime.now
        while let entry = removeDue(now: now) { due.append(entry) }
        return due
    }

    /// Takes off the earliest entry if it is due.
    private mutating func removeDue(now: MonotonicTime) -> Entry? {
        guard let first = heap.first, first.deadline <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        sink(0)
        return first
    }

    /// Drops all entries but the one of each cell by which it is to be called next; again when there are twice as many.
    private mutating func sweep() {
        // Held until the end: the identity of what is gone may be that of something new.
        var kept: [ObjectIdentifier: ReadinessCell] = [:]
        heap.removeAll { entry in
            guard let cell = entry.cell, cell.isScheduled(at: entry.deadline) else { return true }
            return kept.updateValue(cell, forKey: ObjectIdentifier(cell)) != nil
        }
        for parent in (0..<heap.count / 2).reversed() { sink(parent) }
        sweepCount = max(2 * heap.count, Self.sweepCountMin)
    }

    private mutating func sink(_ index: Int) {
        var parent = index
        while true {
            let left = 2 * parent + 1
            guard left < heap.count else { break }
            let right = left + 1
            let child = right < heap.count && heap[right].deadline < heap[left].deadline ? right : left
            guard heap[child].deadline < heap[parent].deadline else { break }
            heap.swapAt(child, parent)
            parent = child
        }
    }
}
