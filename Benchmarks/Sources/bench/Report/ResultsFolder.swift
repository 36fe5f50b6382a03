import Foundation

/// Where the results are written.
struct ResultsFolder {
    let path: String

    /// The folder that was asked for, or else one named after the day and the machine.
    init(_ options: Options, _ results: Results) {
        let name = "\(results.date)-\(options.machine ?? results.machine.slug)"
        if let output = options.output {
            path = output
        } else if options.isQuick {
            path = "\(FileManager.default.temporaryDirectory.path)/postgres-bench-results/\(name)"
        } else {
            path = "Benchmarks/Results/\(name)"
        }
    }

    func write(_ results: Results) throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try MarkdownReport(results: results).text.write(toFile: "\(path)/README.md", atomically: true, encoding: .utf8)
        try JSONReport(results: results).data().write(to: URL(fileURLWithPath: "\(path)/results.json"))
        for workload in results.workloads {
            let chart = BarChart(title: workload.rawValue, results: results.comparisons(of: workload))
            try chart.svg.write(toFile: "\(path)/\(workload.rawValue).svg", atomically: true, encoding: .utf8)
        }
    }
}
