import ProcessUsage

/// What a workload has delivered; rows and sum prove that every client saw the same.
struct Total: Sendable {
    var rows = 0
    /// The lengths of all cells.
    var bytes = 0
    /// Over rows and columns, wrapping.
    var sum: Int64 = 0
    /// When the first row had come, on the clock of `ProcessUsage`.
    var firstClock: Int64?

    /// Adds a row of the narrow table.
    @inline(always)
    mutating func add(_ id: Int64, _ a: Int32, _ b: Double) {
        if rows == 0 { noteFirst() }
        rows += 1
        bytes += 20
        sum &+= id &+ Int64(a) &+ Int64(b)
    }

    @inline(never)
    mutating func noteFirst() { firstClock = ProcessUsage.clockNanoseconds }

    /// The line that the runner reads.
    func line(since start: ProcessUsage, until end: ProcessUsage = .now) -> String {
        let first = firstClock.map { $0 - start.wallNanoseconds } ?? 0
        return "rows=\(rows) bytes=\(bytes) sum=\(sum) first_ns=\(first) \(start.fields(until: end))"
    }
}
