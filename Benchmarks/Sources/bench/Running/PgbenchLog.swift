import Foundation

/// A run of pgbench, from which a sample is made: pgbench itself prints averages, its log has every transaction.
struct PgbenchLog {
    private let prefix: String
    private let script: String

    init(_ scratch: Scratch) throws {
        prefix = "\(scratch.path)/pgbench"
        script = "\(scratch.path)/pgbench.sql"
        try "\\set n random(1, 1000)\nSELECT :n::int4;\n".write(toFile: script, atomically: true, encoding: .utf8)
    }

    /// The arguments for so many round trips.
    func arguments(operations: Int, url: String) -> [String] {
        [
            "-n", "-M", "prepared", "-f", script, "-c", "1", "-t", "\(operations)", "-l", "--log-prefix", prefix, url,
        ]
    }

    /// Reads the log and removes it; nil where there is none. The third field of a line is the time in microseconds.
    func sample() -> Sample? {
        let folder = URL(fileURLWithPath: prefix).deletingLastPathComponent().path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        var latencies: [Int] = []
        for name in names where name.hasPrefix("pgbench.") && name != "pgbench.sql" {
            let path = "\(folder)/\(name)"
            let lines = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            latencies += lines.split(separator: "\n").compactMap { line in
                let fields = line.split(separator: " ")
                return fields.count > 2 ? Int(fields[2]).map { $0 * 1000 } : nil
            }
            try? FileManager.default.removeItem(atPath: path)
        }
        guard !latencies.isEmpty else { return nil }
        latencies.sort()
        return Sample([
            "rows": latencies.count, "wall_ns": latencies.reduce(0, +), "p50_ns": latencies[latencies.count / 2],
            "p99_ns": latencies[min(latencies.count - 1, latencies.count * 99 / 100)],
        ])
    }
}
