/// One comparison as a Markdown table.
struct TableReport {
    let result: ComparisonResult

    private struct Column {
        let heading: String
        let cell: (Figures) -> String
    }

    private var comparison: Comparison { result.comparison }

    var text: String {
        let columns = columns
        var lines = ["### \(heading)", ""]
        lines.append("| client | " + columns.map(\.heading).joined(separator: " | ") + " |")
        lines.append("|---|" + String(repeating: "--:|", count: columns.count))
        for client in comparison.clients {
            if let figures = result.figures(of: client) {
                lines.append("| \(bold(client)) | " + columns.map { $0.cell(figures) }.joined(separator: " | ") + " |")
            } else {
                let reason = result.problem(of: client) ?? "not run"
                lines.append("| \(bold(client)) | \(reason) |" + String(repeating: " |", count: columns.count - 1))
            }
        }
        lines += ["", agreement]
        lines += comparison.notes.flatMap { ["", $0] }
        return lines.joined(separator: "\n")
    }

    private var heading: String {
        let pinning = comparison.pinning == .none ? "" : ", \(comparison.pinning.rawValue)"
        return "\(comparison.title): \(Int(comparison.rows)) from \(comparison.source.rawValue)\(pinning)"
    }

    private func bold(_ client: Client) -> String { client.role == .own ? "**\(client.name)**" : client.name }

    private var columns: [Column] {
        switch comparison.kind {
        case .stream:
            [
                Column(heading: "rows/s") { $0.median(.rate)?.grouped ?? "–" }, number("MB/s", .megabyteRate, 0),
                number("CPU ns/row", .cpuPerRow, 1), ratio(.cpuPerRow),
                number("allocs/row", .allocationsPerRow, 2), number("peak MiB", .peakMiB, 1), spread,
            ]
        case .pipeline:
            [
                Column(heading: "per second") { $0.median(.rate)?.grouped ?? "–" },
                number("CPU ns each", .cpuPerRow, 0), ratio(.cpuPerRow), number("peak MiB", .peakMiB, 1),
                spread,
            ]
        case .values:
            [number("CPU ns/value", .cpuPerRow, 1), number("allocs/value", .allocationsPerRow, 2), spread]
        case .firstRow:
            [
                number("first row µs", .firstRow, 0), ratio(.firstRow), number("peak MiB", .peakMiB, 1),
                spread,
            ]
        case .operations:
            [
                number("p50 µs", .median, 1), ratio(.median), number("p99 µs", .tail, 1),
                Column(heading: "per second") { $0.median(.rate)?.grouped ?? "–" },
                number("CPU µs each", .cpuPerOperation, 1), ratio(.cpuPerOperation),
                number("peak MiB", .peakMiB, 1), spread,
            ]
        case .connections:
            [
                Column(heading: "operations/s") { $0.median(.rate)?.grouped ?? "–" }, number("p50 µs", .median, 1),
                number("p99 µs", .tail, 1), number("CPU µs each", .cpuPerOperation, 1),
                number("KiB per connection", .connectionKiB, 1), number("peak MiB", .peakMiB, 1), spread,
            ]
        }
    }

    private func number(_ heading: String, _ figure: Figure, _ digits: Int) -> Column {
        Column(heading: heading) { $0.median(figure)?.rounded(digits) ?? "–" }
    }

    /// A figure as a multiple of the yardstick's.
    private func ratio(_ figure: Figure) -> Column {
        let yardstick = comparison.clients.first { $0.role == .yardstick }
        let heading = "of \(yardstick?.name.prefix { $0 != "," && $0 != " " } ?? "libpq")"
        let base = yardstick.flatMap { result.figures(of: $0)?.median(figure) }
        return Column(heading: heading) { figures in
            guard let base, base > 0, let value = figures.median(figure) else { return "–" }
            return (value / base).rounded(2)
        }
    }

    private var spread: Column {
        let figure = comparison.kind.mainFigure
        return Column(heading: "spread") { figures in
            guard figures.samples.count > 1, let spread = figures.spread(figure) else { return "–" }
            return "\((spread * 100).rounded(0)) %"
        }
    }

    private var agreement: String {
        guard comparison.isChecked else { return "Each line does different work; nothing to agree about." }
        if let disagreement = result.disagreement { return "**CLIENTS DISAGREE: \(disagreement)**" }
        let agreeing = comparison.clients.filter { $0.role != .floor && result.figures(of: $0) != nil }.count
        return agreeing > 1 ? "All \(agreeing) clients agree about the rows." : "Nobody to compare the rows with."
    }
}
