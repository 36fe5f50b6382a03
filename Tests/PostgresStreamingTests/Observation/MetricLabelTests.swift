import PostgresStreaming
import Testing

/// There are never more series than a known number, whatever queries and types are called.
@Suite struct MetricLabelTests {
    @Test func `names beyond the limit share one label, and no count is lost`() throws {
        let metrics = PostgresMetrics()
        for number in 0..<1_000 { metrics.decoding.filtered[metrics.label(ofQuery: "view \(number)")].add() }
        let filtered = try #require(metrics.snapshot()["rows_filtered_total"])
        #expect(filtered.series.count == MetricLabelLimit.namesMax + 1)
        #expect(filtered.total() == 1_000)
        #expect(filtered.total(["entity": MetricLabelLimit.overflow]) == 900)
        #expect(filtered.total(["entity": "view 7"]) == 1)
    }

    @Test func `combinations beyond the limit share one series, and no count is lost`() throws {
        let metrics = PostgresMetrics()
        let names = (0..<50).map { metrics.label(ofQuery: "view \($0)") }
        let types = (0..<50).map { metrics.label(ofType: "Type\($0)") }
        for name in names { for type in types { metrics.decoding.decoded[name, type].add() } }
        let decoded = try #require(metrics.snapshot()["rows_deserialized_total"])
        #expect(decoded.series.count <= MetricLabelLimit.seriesMax + 1)
        #expect(decoded.total() == 2_500)
        #expect(decoded.series.last?.labels.map(\.value) == ["other", "other"])
    }

    @Test func `a query called like those that are too many shows once`() throws {
        let metrics = PostgresMetrics()
        for name in ["other", "unnamed"] + (0..<200).map({ "view \($0)" }) {
            metrics.decoding.filtered[metrics.label(ofQuery: name)].add()
        }
        metrics.decoding.filtered[.unnamed].add()
        let filtered = try #require(metrics.snapshot()["rows_filtered_total"])
        let labels = filtered.series.map { $0["entity"] ?? "" }
        #expect(Set(labels).count == labels.count)
        #expect(filtered.total(["entity": "unnamed"]) == 2 && filtered.total() == 203)
    }

    @Test func `long names are cut`() throws {
        let metrics = PostgresMetrics()
        metrics.decoding.filtered[metrics.label(ofQuery: String(repeating: "x", count: 10_000))].add()
        let series = try #require(metrics.snapshot()["rows_filtered_total"]?.series.first)
        #expect(series["entity"]?.count == 96)
    }

    @Test func `a name of few characters and many bytes is cut at a character's code points`() throws {
        let metrics = PostgresMetrics()
        // One letter with accents without end, and one whose second byte is the 385th.
        for name in ["e" + String(repeating: "\u{301}", count: 50_000), String(repeating: "x", count: 383) + "é"] {
            metrics.decoding.filtered[metrics.label(ofQuery: name)].add()
        }
        let series = try #require(metrics.snapshot()["rows_filtered_total"]?.series)
        #expect(series.count == 2)
        for one in series { #expect((1...384).contains(one["entity"]?.utf8.count ?? 0)) }
    }

    @Test func `chunk sizes are told apart by powers of two`() throws {
        let metrics = PostgresMetrics()
        for size in 1...5_000 {
            metrics.streams.adjusted[.unnamed, .up, OldChunkSize(size), NewChunkSize(2 * size)].add()
        }
        let adjusted = try #require(metrics.snapshot()["adaptive_chunk_adjusted_total"])
        #expect(adjusted.series.count == 14 && adjusted.total() == 5_000)
        #expect(adjusted.total(["old_size": "512", "new_size": "1024", "direction": "up"]) == 256)
    }
}
