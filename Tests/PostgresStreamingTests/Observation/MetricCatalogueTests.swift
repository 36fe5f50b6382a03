import PostgresStreaming
import Testing

@Suite struct MetricCatalogueTests {
    private let catalogue = PostgresMetrics().catalogue

    @Test func `all names of fraiseql-wire are there with their kinds and labels`() {
        let declared = Dictionary(uniqueKeysWithValues: catalogue.map { ($0.name, $0) })
        #expect(FraiseWireNames.all.count == 38)
        for (name, kind, labels) in FraiseWireNames.all {
            #expect(declared[name]?.kind == kind, "\(name)")
            #expect(declared[name]?.labels == labels, "\(name)")
        }
    }

    @Test func `no name is declared twice, and names say what they count as Prometheus wants it`() {
        #expect(Set(catalogue.map(\.name)).count == catalogue.count)
        for metric in catalogue {
            #expect((metric.kind == .counter) == metric.name.hasSuffix("_total"), "\(metric.name)")
            #expect(!metric.help.isEmpty && metric.help.hasSuffix("."), "\(metric.name)")
            #expect(metric.name.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "_") })
            #expect((metric.unit == .milliseconds) == metric.name.hasSuffix("_ms"), "\(metric.name)")
            #expect(metric.labels.count <= 4, "\(metric.name): a label too many for a series' number")
        }
    }

    @Test func `a registry begins with everything at nothing`() {
        let snapshot = PostgresMetrics().snapshot()
        #expect(snapshot.metrics.map(\.name) == catalogue.map(\.name))
        for metric in snapshot.metrics { #expect(metric.total() == 0 && metric.count() == 0, "\(metric.name)") }
    }

    @Test func `a registry and what it counts with can be dumped`() {
        let metrics = PostgresMetrics()
        #expect(printed(metrics).contains("PostgresMetrics with "))
        #expect(!printed(metrics.queries).isEmpty && !printed(metrics.snapshot()).isEmpty)
    }

    @Test func `the shared registry is one, and others are apart`() {
        #expect(PostgresMetrics.shared === PostgresMetrics.shared)
        let (one, other) = (PostgresMetrics(), PostgresMetrics())
        one.connections.reads.add()
        #expect(one.snapshot()["reads_total"]?.total() == 1 && other.snapshot()["reads_total"]?.total() == 0)
    }
}
