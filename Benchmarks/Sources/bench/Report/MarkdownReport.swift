/// The README of a folder of results.
struct MarkdownReport {
    let results: Results

    var text: String {
        var parts = [head]
        if !results.failures.isEmpty {
            parts.append(
                (["## Something is wrong", ""] + results.failures.map { "- **\($0)**" }).joined(separator: "\n"))
        }
        parts.append("## Budgets\n\n\(BudgetReport(results: results).text)")
        for workload in results.workloads {
            parts.append("## \(workload.rawValue)\n\n![\(workload.rawValue)](\(workload.rawValue).svg)")
            parts += results.comparisons(of: workload).map { TableReport(result: $0).text }
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private var head: String {
        """
        # Measured on \(results.date)

        \(results.machine.text)

        Medians of \(results.runs) run\(results.runs == 1 ? "" : "s"); the clients take turns within each run, each in \
        a process of its own. The server runs on the same machine with everything in its cache, `fsync`, JIT and \
        parallel queries off. CPU is user and system time of the client over the workload, without connecting. \
        Spread is (max − min) ÷ median of the runs. Allocations were counted in a run of their own. MB/s \
        is of cells; for raw recv, which sees no cells, of the wire.\
        \(results.isQuick ? " **Quick: small sizes, for trends only.**" : "")

        Every raw sample is in [results.json](results.json).
        """
    }
}
