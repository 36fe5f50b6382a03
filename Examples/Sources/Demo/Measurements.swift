import ProcessMemory

/// What a stream brought, how fast, and in how much memory.
struct Measurements: Sendable {
    private static let flatBytesMax = 8 << 20

    var rows = 0
    var bytes = 0
    private let start = ContinuousClock.now
    private var firstRow = Duration.zero
    private var residentAtFirstRow = 0
    private var elapsed: Duration?
    private var residentAtEnd = 0
    private var residentMax = 0

    mutating func noteFirstRow() {
        firstRow = ContinuousClock.now - start
        residentAtFirstRow = ProcessMemory.residentBytes
    }

    mutating func noteEnd() {
        elapsed = ContinuousClock.now - start
        residentAtEnd = ProcessMemory.residentBytes
        residentMax = ProcessMemory.residentBytesMax
    }

    private var seconds: Double { (elapsed ?? (ContinuousClock.now - start)) / .seconds(1) }
    private var rowsPerSecond: String { Int(Double(rows) / max(seconds, 0.000_001)).grouped }

    /// The progress so far.
    var line: String {
        let resident = ProcessMemory.residentBytes
        return "  \(rows.grouped) rows  \(bytes.megabytes)  \(rowsPerSecond) rows/s  \(resident.megabytes) resident"
    }

    /// The whole in a few lines.
    var summary: String {
        guard rows > 0 else { return "The result has no rows." }
        let growth = max(0, residentMax - residentAtFirstRow)
        let verdict = growth < Self.flatBytesMax ? "Memory stayed flat" : "Memory grew"
        return """

            rows             \(rows.grouped)
            documents        \(bytes.megabytes)
            time             \(seconds.fixed(2)) s
            throughput       \(rowsPerSecond) rows/s, \((Double(bytes) / 1e6 / max(seconds, 0.000_001)).fixed(1)) MB/s
            first row after  \((firstRow / .milliseconds(1)).fixed(1)) ms
            resident memory  \(residentAtFirstRow.megabytes) at the first row, \
            \(residentMax.megabytes) at most, \(residentAtEnd.megabytes) at the end

            \(verdict): \(growth.megabytes) more than at the first row, while \(bytes.megabytes) passed through.
            """
    }
}
