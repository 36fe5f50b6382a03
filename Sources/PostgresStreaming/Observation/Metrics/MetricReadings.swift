extension MetricReadings {
    /// The sum over all series of a metric.
    func total(of name: String) -> Int {
        (self[name] ?? []).reduce(0) { $0 + $1.reading.number }
    }

    /// The sums over the series with the same first label, in the order of their first appearance.
    func sums(of name: String) -> [(label: String, count: Int)] {
        var sums: [(label: String, count: Int)] = []
        for series in self[name] ?? [] {
            let label = series.labels.first ?? ""
            if let position = sums.firstIndex(where: { $0.label == label }) {
                sums[position].count += series.reading.number
            } else {
                sums.append((label, series.reading.number))
            }
        }
        return sums
    }
}

extension MetricReading {
    fileprivate var number: Int {
        if case .number(let value) = self { value } else { 0 }
    }
}

extension MetricCatalogue {
    /// Declares a histogram in milliseconds under the name that fraiseql-wire has for it: what is recorded once shows in
    /// both units.
    mutating func milliseconds(_ name: String, of seconds: MetricDeclaration) {
        let source = seconds.name
        derived(
            MetricDeclaration(
                name: name, help: seconds.help, kind: .histogram, unit: .milliseconds, labels: seconds.labels)
        ) { $0[source] ?? [] }
    }
}
