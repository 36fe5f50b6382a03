import Foundation

/// Every raw sample.
struct JSONReport {
    private struct Document: Encodable {
        let date: String
        let machine: Machine
        let isQuick: Bool
        let runs: Int
        let comparisons: [Entry]
    }

    private struct Entry: Encodable {
        let workload: String
        let title: String
        let source: String
        let pinning: String
        let sql: String
        let rows: Int
        let clients: [ClientEntry]
    }

    private struct ClientEntry: Encodable {
        let name: String
        let samples: [[String: Int]]
        let counted: [String: Int]?
        let problem: String?
    }

    let results: Results

    func data() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let document = Document(
            date: results.date, machine: results.machine, isQuick: results.isQuick, runs: results.runs,
            comparisons: results.comparisons.map(entry))
        return try encoder.encode(document)
    }

    private func entry(_ result: ComparisonResult) -> Entry {
        let comparison = result.comparison
        let clients = comparison.clients.map { client in
            ClientEntry(
                name: client.name, samples: (result.outcomes[client] ?? []).compactMap { $0.sample?.values },
                counted: result.counted[client]?.values, problem: result.problem(of: client))
        }
        return Entry(
            workload: comparison.workload.rawValue, title: comparison.title, source: comparison.source.rawValue,
            pinning: comparison.pinning.rawValue, sql: comparison.sql, rows: comparison.rows, clients: clients)
    }
}
