/// How long each operation of a workload took.
struct Latencies: Sendable {
    private var nanoseconds: [Int64] = []

    /// Makes room, so that no array grows within the measured time.
    init(capacity: Int) { nanoseconds.reserveCapacity(capacity) }

    mutating func append(_ latency: Int64) { nanoseconds.append(latency) }

    mutating func append(contentsOf other: Latencies) { nanoseconds.append(contentsOf: other.nanoseconds) }

    /// The fields of the line that the runner reads.
    var fields: String {
        let sorted = nanoseconds.sorted()
        guard !sorted.isEmpty else { return "p50_ns=0 p99_ns=0" }
        return "p50_ns=\(sorted[sorted.count / 2]) p99_ns=\(sorted[min(sorted.count - 1, sorted.count * 99 / 100)])"
    }
}
