import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

@Suite struct PrometheusTextTests {
    /// One of everything, with labels that need to be escaped.
    private static func busy() -> PostgresMetrics {
        let metrics = PostgresMetrics()
        let name = metrics.label(ofQuery: "a \"view\"\nwith \\ and ü")
        metrics.decoding.filtered[name].add(3)
        metrics.streams.bufferedRows[name].add(7)
        for time in [5_000, 400_000, 70_000_000_000] { metrics.queries.totalTime[name].record(time) }
        return metrics
    }

    @Test func `names, meanings, kinds and series stand as Prometheus wants them`() {
        let text = Self.busy().prometheusText()
        let lines = text.split(separator: "\n")
        for line in [
            "# HELP postgres_rows_filtered_total Rows that a predicate kept back.",
            "# TYPE postgres_rows_filtered_total counter",
            #"postgres_rows_filtered_total{entity="a \"view\"\nwith \\ and ü"} 3"#,
            "# TYPE postgres_stream_buffered_items gauge",
            "# TYPE postgres_query_duration_seconds histogram",
            #"postgres_query_duration_seconds_bucket{entity="a \"view\"\nwith \\ and ü",le="1e-05"} 1"#,
            #"postgres_query_duration_seconds_bucket{entity="a \"view\"\nwith \\ and ü",le="0.0005"} 2"#,
            #"postgres_query_duration_seconds_bucket{entity="a \"view\"\nwith \\ and ü",le="60"} 2"#,
            #"postgres_query_duration_seconds_bucket{entity="a \"view\"\nwith \\ and ü",le="+Inf"} 3"#,
            #"postgres_query_duration_seconds_count{entity="a \"view\"\nwith \\ and ü"} 3"#,
            #"postgres_query_duration_seconds_sum{entity="a \"view\"\nwith \\ and ü"} 70.000405"#,
            "postgres_received_bytes_total 0",
        ] {
            #expect(lines.contains(Substring(line)), "\(line)")
        }
        #expect(!text.contains("duration_ms"))
    }

    @Test func `the milliseconds of fraiseql-wire are the seconds of the same recording`() {
        let lines = Self.busy().prometheusText(.fraiseWire).split(separator: "\n")
        for line in [
            #"fraiseql_query_total_duration_ms_bucket{entity="a \"view\"\nwith \\ and ü",le="0.01"} 1"#,
            #"fraiseql_query_total_duration_ms_bucket{entity="a \"view\"\nwith \\ and ü",le="0.5"} 2"#,
            #"fraiseql_query_total_duration_ms_sum{entity="a \"view\"\nwith \\ and ü"} 70000.405"#,
            #"fraiseql_query_duration_seconds_sum{entity="a \"view\"\nwith \\ and ü"} 70.000405"#,
        ] {
            #expect(lines.contains(Substring(line)), "\(line)")
        }
    }

    @Test func `a prefix that no name may have is made one`() {
        var format = PrometheusFormat()
        format.prefix = "7 shops-ü"
        #expect(PostgresMetrics().prometheusText(format).contains("\n# TYPE _7_shops___reads_total counter\n"))
        format.prefix = ""
        #expect(PostgresMetrics().prometheusText(format).contains("\n# TYPE reads_total counter\n"))
    }

    @Test func `promtool finds nothing to say about what is written by default`() async throws {
        for metrics in [PostgresMetrics(), Self.busy()] {
            let (status, output) = try await Promtool.check(metrics.prometheusText())
            #expect(status == .code(0) && output.isEmpty, "\(output)")
        }
    }

    @Test func `promtool dislikes nothing but the unit of the names that fraiseql-wire has`() async throws {
        let (status, output) = try await Promtool.check(Self.busy().prometheusText(.fraiseWire))
        // Three: the text is understood, and there are remarks.
        #expect(status == .code(3), "\(output)")
        #expect(output == "fraiseql_query_total_duration_ms metric names should not contain abbreviated units\n")
    }

    @Test func `promtool reads what it is given`() async throws {
        let (status, output) = try await Promtool.check("nonsense{ 1\n")
        #expect(status != .code(0) && !output.isEmpty)
    }
}
