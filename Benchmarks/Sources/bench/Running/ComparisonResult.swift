/// What the clients of one comparison took.
struct ComparisonResult: Sendable {
    let comparison: Comparison
    /// An outcome for each run; fewer where a client failed or is missing.
    var outcomes: [Client: [Outcome]] = [:]
    /// The samples that were taken with the counter of allocations, with fewer rows.
    var counted: [Client: Sample] = [:]

    init(_ comparison: Comparison) { self.comparison = comparison }

    /// Why a client has no figures.
    func problem(of client: Client) -> String? { outcomes[client]?.lazy.compactMap(\.problem).first }

    /// The medians of a client's runs; nil where a run failed.
    func figures(of client: Client) -> Figures? {
        var samples = (outcomes[client] ?? []).compactMap(\.sample)
        // It did none of the work: only what it has resident says something.
        if client == .nothing { samples = samples.map { Sample($0.values.filter { $0.key == "rss_kib" }) } }
        guard problem(of: client) == nil, !samples.isEmpty else { return nil }
        return Figures(samples: samples, counted: counted[client], comparison: comparison)
    }

    /// What the clients do not agree about; nil where they do.
    ///
    /// Lengths of cells differ between text and binary, so where they are summed each format agrees with itself.
    var disagreement: String? {
        guard comparison.isChecked else { return nil }
        var totals: [Bool: [String: Set<String>]] = [:]
        var wrong: [String] = []
        for client in comparison.clients where client.role != .floor {
            for sample in (outcomes[client] ?? []).compactMap(\.sample) {
                let (rows, sum) = (sample.values["rows"] ?? -1, sample.values["sum"] ?? 0)
                if rows != comparison.rows { wrong.append("\(client.name) saw \(rows) of \(comparison.rows) rows") }
                let group = client.isText && comparison.columns.contains("b")
                totals[group, default: [:]]["\(sum)", default: []].insert(client.name)
            }
        }
        for sums in totals.values where sums.count > 1 {
            wrong += sums.sorted { $0.key < $1.key }.map {
                "sum \($0.key): \($0.value.sorted().joined(separator: ", "))"
            }
        }
        return wrong.isEmpty ? nil : wrong.joined(separator: "; ")
    }

    /// Clients of this library that failed.
    var ownFailures: [String] {
        comparison.clients.filter { $0.role == .own }.compactMap { client in
            guard case .failed(let reason)? = outcomes[client]?.last else { return nil }
            return "\(client.name): \(reason)"
        }
    }
}
