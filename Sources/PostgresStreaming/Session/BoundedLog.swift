/// The newest of what comes, within a number and a sum of bytes. What is older goes first, and what is alone too long is
/// not kept at all.
struct BoundedLog<Element: Sendable>: Sendable {
    private let countMax: Int
    private let bytesMax: Int
    private var entries: [(element: Element, bytes: Int)] = []
    private var bytes = 0
    /// How many have gone that were not taken.
    private(set) var lostCount = 0

    init(countMax: Int, bytesMax: Int) {
        self.countMax = countMax
        self.bytesMax = bytesMax
    }

    /// Whether nothing is kept and nothing was lost.
    var isUntouched: Bool { entries.isEmpty && lostCount == 0 }

    /// Appends an element that takes about so many bytes.
    mutating func append(_ element: Element, bytes count: Int) {
        guard count <= bytesMax else {
            lostCount += 1
            return
        }
        entries.append((element, count))
        bytes += count
        while entries.count > countMax || bytes > bytesMax {
            bytes -= entries.removeFirst().bytes
            lostCount += 1
        }
    }

    /// Takes out what is there.
    mutating func takeAll() -> [Element] {
        defer {
            entries = []
            bytes = 0
        }
        return entries.map(\.element)
    }

    /// Forgets everything, also how many have gone.
    mutating func clear() {
        if !entries.isEmpty { entries = [] }
        bytes = 0
        lostCount = 0
    }
}
