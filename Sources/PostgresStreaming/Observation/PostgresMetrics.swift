/// Counts what connections, queries and streams do.
///
/// Made by you and given to connections through `PostgresConfiguration.metrics`; several configurations may share one,
/// and nothing is counted where there is none. Recording takes no lock and happens per connection, query, read and chunk,
/// never per row. No metric holds SQL, a parameter, a value of a row or a name of a server.
///
/// `docs/OBSERVATION.md` lists every metric.
public final class PostgresMetrics: Sendable {
    /// A registry for a process that needs only one; it is made when it is first asked for.
    public static let shared = PostgresMetrics()

    /// How connections come about, what passes over them, how they end.
    package let connections: ConnectionMetrics
    /// Logins.
    package let logins: LoginMetrics
    /// Queries, from beginning to end.
    package let queries: QueryMetrics
    /// Streams while they run.
    package let streams: StreamMetrics
    /// Rows on their way into values.
    package let decoding: DecodingMetrics
    /// Pools of connections.
    package let pools: PoolMetrics
    /// Listeners.
    package let listeners: ListenerMetrics

    private let names: MetricNames
    private let families: [any MetricFamily]
    private let querySeries = InsertOnlyTable<Int, QuerySeries>(countMax: MetricLabelLimit.namesMax + 2)

    /// Creates a registry in which nothing was counted.
    public init() {
        names = MetricNames()
        var catalogue = MetricCatalogue(names)
        connections = ConnectionMetrics(&catalogue)
        logins = LoginMetrics(&catalogue)
        queries = QueryMetrics(&catalogue)
        streams = StreamMetrics(&catalogue)
        decoding = DecodingMetrics(&catalogue)
        pools = PoolMetrics(&catalogue)
        listeners = ListenerMetrics(&catalogue)
        families = catalogue.families
    }

    /// Every metric that there is, in the order in which snapshots have them.
    package var catalogue: [MetricDeclaration] { families.map(\.declaration) }

    /// The label of a query's name; nil is `QueryName.unnamed`.
    package func label(ofQuery name: String?) -> QueryName {
        guard let name else { return .unnamed }
        let number = names.number(of: name)
        return QueryName(number: number == MetricNames.overflowNumber ? number : number + 1)
    }

    /// The instruments of the queries of a name.
    func series(ofQuery name: String?) -> QuerySeries {
        let label = label(ofQuery: name)
        let make = { (_: Int) in QuerySeries(label, self.queries, self.streams) }
        return querySeries.value(for: label.number, make: make) ?? make(0)
    }

    /// The label of a Swift type.
    package func label(ofType name: String) -> RowTypeName { RowTypeName(number: names.number(of: name)) }

    /// Reads everything.
    ///
    /// Nothing stops meanwhile, and yet what belongs together agrees: a histogram's count is the sum of its buckets, an
    /// end is never counted before its beginning, and sums that follow from others follow from those of this snapshot.
    public func snapshot() -> MetricsSnapshot {
        var readings: MetricReadings = [:]
        // Ends are declared behind beginnings, and so read before them.
        for family in families.reversed() where !(family is DerivedMetric) {
            readings[family.declaration.name] = family.read(readings)
        }
        for family in families where family is DerivedMetric {
            readings[family.declaration.name] = family.read(readings)
        }
        return MetricsSnapshot(
            metrics: families.map { family in
                MetricsSnapshot.Metric(family.declaration, readings[family.declaration.name] ?? [])
            })
    }

    /// Everything in the text format that Prometheus reads.
    public func prometheusText(_ format: PrometheusFormat = PrometheusFormat()) -> String {
        snapshot().prometheusText(format)
    }
}

extension PostgresMetrics: CustomStringConvertible, CustomReflectable {
    /// How many metrics there are.
    public var description: String { "PostgresMetrics with \(families.count) metrics" }

    /// Shows the description only; `snapshot` has the rest.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
