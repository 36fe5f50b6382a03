/// A figure of a client in a comparison.
enum Figure: Sendable {
    case cpuPerRow, cpuPerOperation, rate, megabyteRate, allocationsPerRow, peakMiB, median, tail, firstRow
    case connectionKiB

    /// What it is, for headings.
    var name: String {
        switch self {
        case .cpuPerRow, .cpuPerOperation: "CPU"
        case .rate: "rate"
        case .megabyteRate: "bytes"
        case .allocationsPerRow: "allocations"
        case .peakMiB: "peak memory"
        case .median: "p50"
        case .tail: "p99"
        case .firstRow: "first row"
        case .connectionKiB: "memory of a connection"
        }
    }

    var unit: String {
        switch self {
        case .cpuPerRow: "ns/row"
        case .cpuPerOperation: "µs/operation"
        case .rate: "per second"
        case .megabyteRate: "MB/s"
        case .allocationsPerRow: "per row"
        case .peakMiB: "MiB"
        case .median, .tail, .firstRow: "µs"
        case .connectionKiB: "KiB"
        }
    }

    func value(_ figures: Figures) -> Double? { figures.median(self) }
}

/// The runs of one client in one comparison.
struct Figures: Sendable {
    let samples: [Sample]
    let counted: Sample?
    let comparison: Comparison

    /// The median over the runs; nil where the client does not say.
    func median(_ figure: Figure) -> Double? {
        let values = values(figure).sorted()
        guard !values.isEmpty else { return nil }
        let middle = values.count / 2
        return values.count.isMultiple(of: 2) ? (values[middle - 1] + values[middle]) / 2 : values[middle]
    }

    /// (max − min) ÷ median of a figure.
    func spread(_ figure: Figure) -> Double? {
        let values = values(figure)
        guard let least = values.min(), let most = values.max(), let median = median(figure), median > 0 else {
            return nil
        }
        return (most - least) / median
    }

    private func values(_ figure: Figure) -> [Double] {
        if figure == .allocationsPerRow { return allocations.map { [$0] } ?? [] }
        return samples.compactMap { value(figure, $0) }
    }

    private func value(_ figure: Figure, _ sample: Sample) -> Double? {
        let rows = Double(comparison.rows)
        switch figure {
        case .cpuPerRow: return sample["cpu_ns"].map { $0 / rows }
        case .cpuPerOperation: return sample["cpu_ns"].map { $0 / rows / 1000 }
        case .rate: return sample["wall_ns"].map { rows / $0 * 1e9 }
        case .megabyteRate:
            guard let bytes = sample["bytes"], let wall = sample["wall_ns"], bytes > 0 else { return nil }
            return bytes / wall * 1e3
        case .allocationsPerRow: return nil
        case .peakMiB: return sample["rss_kib"].map { $0 / 1024 }
        case .median: return sample["p50_ns"].map { $0 / 1000 }
        case .tail: return sample["p99_ns"].map { $0 / 1000 }
        case .firstRow: return sample["first_ns"].map { $0 / 1000 }
        case .connectionKiB:
            guard let grown = sample["connections_kib"], let count = sample["connections"] else { return nil }
            return grown / count
        }
    }

    private var allocations: Double? {
        guard let counted, let calls = counted["allocs"], let rows = counted["rows"], calls >= 0, rows > 0 else {
            return nil
        }
        return calls / rows
    }
}

extension Double {
    /// The number with so many digits behind the point, and none where it is large.
    func rounded(_ digits: Int) -> String {
        if magnitude >= 1000 || digits == 0 { return "\(Int(self.rounded()))" }
        let scale = digits == 1 ? 10.0 : 100.0
        let text = "\((self * scale).rounded() / scale)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// A large count with spaces between the thousands.
    var grouped: String {
        var digits = "\(Int(self.rounded()))"
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return ([digits] + groups).joined(separator: ",")
    }
}
