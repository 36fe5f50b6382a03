/// What a registry had counted at one moment.
public struct MetricsSnapshot: Sendable {
    /// One metric with all its series.
    public struct Metric: Sendable {
        /// The name without a prefix, such as `queries_total`.
        public let name: String
        /// What it means, in one sentence.
        public let help: String
        /// Counter, gauge or histogram.
        public let kind: MetricKind
        /// What it measures.
        public let unit: MetricUnit
        /// One for each combination of labels that has occurred.
        public let series: [Series]
    }

    /// One combination of labels and what was counted for it.
    public struct Series: Sendable {
        /// A label and its value.
        public struct Label: Hashable, Sendable {
            /// The label's name.
            public let name: String
            /// Its value.
            public let value: String
        }

        /// The labels, in an order that stays.
        public let labels: [Label]
        /// A counter's or gauge's value, or the sum of all sizes of a histogram, in the metric's unit.
        public let value: Double
        /// A histogram's buckets, from the smallest; empty for the others. The last has no upper bound.
        public let buckets: [Bucket]

        /// How many sizes were recorded in a histogram.
        public var count: Int { buckets.last?.count ?? 0 }

        /// The value of a label; nil where there is no such label.
        public subscript(label: String) -> String? { labels.first { $0.name == label }?.value }
    }

    /// One bucket of a histogram.
    public struct Bucket: Hashable, Sendable {
        /// The largest size that is counted, in the metric's unit; infinity for the last.
        public let bound: Double
        /// How many sizes were up to the bound, smaller ones included.
        public let count: Int
    }

    /// Every metric that there is, whether it has occurred or not.
    public let metrics: [Metric]

    /// The metric of a name without prefix; nil where there is none.
    public subscript(name: String) -> Metric? { metrics.first { $0.name == name } }
}

extension MetricsSnapshot.Metric {
    /// The sum of the values of all series whose labels are these and any others.
    public func total(_ labels: [String: String] = [:]) -> Double {
        series.filter { series in labels.allSatisfy { series[$0.key] == $0.value } }.reduce(0) { $0 + $1.value }
    }

    /// How many sizes were recorded in all series whose labels are these and any others.
    public func count(_ labels: [String: String] = [:]) -> Int {
        series.filter { series in labels.allSatisfy { series[$0.key] == $0.value } }.reduce(0) { $0 + $1.count }
    }

    init(_ declaration: MetricDeclaration, _ readings: [MetricSeriesReading]) {
        name = declaration.name
        help = declaration.help
        kind = declaration.kind
        unit = declaration.unit
        series = readings.map { MetricsSnapshot.Series($0, declaration) }
    }
}

extension MetricsSnapshot.Series {
    fileprivate init(_ series: MetricSeriesReading, _ declaration: MetricDeclaration) {
        labels = zip(declaration.labels, series.labels).map(Label.init)
        let divisor = declaration.unit.divisor
        switch series.reading {
        case .number(let number):
            value = Double(number) / divisor
            buckets = []
        case .buckets(let counts, let sum):
            value = Double(sum) / divisor
            let bounds = declaration.unit.histogramBounds.map { Double($0) / divisor } + [.infinity]
            var count = 0
            buckets = zip(bounds, counts).map { bound, more in
                count += more
                return MetricsSnapshot.Bucket(bound: bound, count: count)
            }
        }
    }
}
