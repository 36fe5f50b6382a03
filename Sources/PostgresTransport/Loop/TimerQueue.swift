/// The deadlines of waiting tasks, the earliest first: a binary heap.
struct TimerQueue {
    struct Entry: Sendable {
        let deadline: ContinuousClock.Instant
        /// Gone where the socket was closed before the deadline came.
        weak let cell: ReadinessCell?
    }

    private var heap: [Entry] = []

    /// The earliest deadline.
    var earliest: ContinuousClock.Instant? { heap.first?.deadline }

    mutating func insert(_ cell: ReadinessCell, at deadline: ContinuousClock.Instant) {
        heap.append(Entry(deadline: deadline, cell: cell))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].deadline < heap[parent].deadline else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes off the earliest entry if it is due.
    mutating func removeDue(now: ContinuousClock.Instant) -> Entry? {
        guard let first = heap.first, first.deadline <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            let left = 2 * parent + 1
            guard left < heap.count else { break }
            let right = left + 1
            let child = right < heap.count && heap[right].deadline < heap[left].deadline ? right : left
            guard heap[child].deadline < heap[parent].deadline else { break }
            heap.swapAt(child, parent)
            parent = child
        }
        return first
    }
}
