import Foundation
import PostgresStreaming
import Testing

/// docs/OBSERVATION.md lists the metrics that there are.
@Suite struct ObservationPageTests {
    private static func row(_ metric: MetricDeclaration) -> String {
        let labels = metric.labels.isEmpty ? "" : metric.labels.map { "`\($0)`" }.joined(separator: " ")
        return "| `\(metric.name)` | \(metric.kind.rawValue) | \(metric.unit.rawValue) | \(labels) | \(metric.help) |"
    }

    @Test func `the page lists every metric once, as it is declared`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
        let page = try String(contentsOf: root.appending(path: "docs/OBSERVATION.md"), encoding: .utf8)
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }.map(String.init)
        let declared = PostgresMetrics().catalogue.map(Self.row)
        #expect(rows == declared, "the table should be:\n\(declared.joined(separator: "\n"))")
    }
}
