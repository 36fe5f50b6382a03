import Foundation

/// Two full runs on one machine, laid beside each other: which ratios to libpq moved, and how far.
struct RunComparison {
    private struct Document: Decodable {
        let comparisons: [Entry]
    }

    private struct Entry: Decodable {
        let title: String
        let source: String
        let pinning: String
        let clients: [ClientEntry]

        var name: String { pinning.isEmpty ? "\(title), \(source)" : "\(title), \(source), \(pinning)" }
    }

    private struct ClientEntry: Decodable {
        let name: String
        let samples: [[String: Int]]
    }

    /// One ratio in one run, and how far its own samples lie apart.
    private struct Ratio {
        let value: Double
        let spread: Double
    }

    /// What two runs may differ by before it is said.
    private static let tolerance = 0.15
    private static let yardstick = "libpq 15, single row, binary"

    private let first: [String: Ratio]
    private let second: [String: Ratio]
    private let order: [String]

    /// Reads the `results.json` of two folders.
    init(_ firstFolder: String, _ secondFolder: String) throws {
        let entries = try Self.read(firstFolder)
        (order, first) = Self.ratios(entries)
        second = Self.ratios(try Self.read(secondFolder)).ratios
    }

    /// A Markdown section: how many ratios agree, and every one that does not.
    var text: String {
        let pairs = order.compactMap { name in
            first[name].flatMap { one in second[name].map { (name: name, one: one, other: $0) } }
        }
        let moved = pairs.filter { abs($0.one.value / $0.other.value - 1) > Self.tolerance }
        let head = """
            ## Two full runs

            \(pairs.count - moved.count) of \(pairs.count) ratios to libpq agree within 15 % between two full runs on
            this machine. The others, with how far the samples within a run lie apart:

            | ratio | first run | second run | spread within |
            |---|--:|--:|--:|
            """
        let lines = moved.map { pair in
            let spread = max(pair.one.spread, pair.other.spread)
            return "| \(pair.name) | \(Self.rounded(pair.one.value)) | \(Self.rounded(pair.other.value)) "
                + "| \(Int((spread * 100).rounded())) % |"
        }
        return ([head] + lines).joined(separator: "\n")
    }

    private static func read(_ folder: String) throws -> [Entry] {
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/results.json"))
        return try JSONDecoder().decode(Document.self, from: data).comparisons
    }

    private static func ratios(_ entries: [Entry]) -> (order: [String], ratios: [String: Ratio]) {
        var order: [String] = []
        var ratios: [String: Ratio] = [:]
        for entry in entries {
            guard let yardstick = entry.clients.first(where: { $0.name == yardstick }) else { continue }
            for client in entry.clients where client.name != Self.yardstick {
                for (key, what) in [("cpu_ns", "CPU"), ("p50_ns", "p50")] {
                    guard let ratio = ratio(client, yardstick, key) else { continue }
                    let name = "\(entry.name): \(client.name), \(what)"
                    order.append(name)
                    ratios[name] = ratio
                }
            }
        }
        return (order, ratios)
    }

    private static func ratio(_ client: ClientEntry, _ yardstick: ClientEntry, _ key: String) -> Ratio? {
        guard let own = Median(client, key), let other = Median(yardstick, key) else { return nil }
        return Ratio(value: own.value / other.value, spread: max(own.spread, other.spread))
    }

    /// The middle one of a client's samples.
    private struct Median {
        let value: Double
        let spread: Double

        init?(_ client: ClientEntry, _ key: String) {
            let samples = client.samples.compactMap { $0[key].map(Double.init) }.sorted()
            guard let least = samples.first, let most = samples.last, least > 0 else { return nil }
            value = samples[samples.count / 2]
            spread = (most - least) / value
        }
    }

    private static func rounded(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
}
