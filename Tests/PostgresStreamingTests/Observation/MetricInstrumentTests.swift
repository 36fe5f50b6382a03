import PostgresStreaming
import PostgresTestSupport
import Testing

@Suite struct MetricInstrumentTests {
    @Test func `a counter that many threads add to loses nothing`() async {
        let counter = Counter()
        await withTaskGroup { group in
            for _ in 0..<8 { group.addTask { for _ in 0..<10_000 { counter.add(2) } } }
        }
        #expect(counter.reading == .number(160_000))
    }

    @Test func `a gauge goes up and down and is set`() {
        let gauge = Gauge()
        gauge.add(5)
        gauge.add(-7)
        #expect(gauge.reading == .number(-2))
        gauge.set(40)
        #expect(gauge.reading == .number(40))
    }

    @Test(arguments: [MetricUnit.seconds, .milliseconds, .bytes, .rows, .count])
    func `a size on a bound belongs below it, one above to the next bucket`(_ unit: MetricUnit) throws {
        let histogram = Histogram(unit: unit)
        let empty = try counts(histogram)
        #expect(empty.allSatisfy { $0 == 0 } && empty.count <= 24)
        let step = unit == .bytes ? 64 : unit == .rows || unit == .count ? 1 : 10_000
        for size in [0, step, step + 1, Int.max, -1] { histogram.record(size) }
        let counted = try counts(histogram)
        #expect(counted[0] == 3 && counted[1] == 1 && counted[counted.count - 1] == 1)
        #expect(counted.reduce(0, +) == 5)
    }

    @Test func `times below a millisecond are told apart`() throws {
        let histogram = Histogram(unit: .seconds)
        for nanoseconds in [Int64(9_000), 20_000, 90_000, 400_000, 900_000] { histogram.record(nanoseconds) }
        #expect(try counts(histogram).filter { $0 == 1 }.count == 5)
    }

    @Test func `a series is made once however many threads ask for it`() async throws {
        let metrics = PostgresMetrics()
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for number in 0..<2_000 {
                        metrics.connections.attempted[number.isMultiple(of: 2) ? .tcp : .unix].add()
                    }
                }
            }
        }
        let attempts = try #require(metrics.snapshot()["connection_attempts_total"])
        #expect(attempts.series.count == 2)
        #expect(attempts.total(["transport": "tcp"]) == 8_000 && attempts.total() == 16_000)
    }

    private func counts(_ histogram: Histogram) throws -> [Int] {
        guard case .buckets(let counts, _) = histogram.reading else {
            Issue.record("a histogram reads as buckets")
            return []
        }
        return counts
    }
}
