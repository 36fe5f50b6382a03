import PostgresStreaming
import PostgresTestSupport
import Testing

/// Random intervals, as the server writes them in each of its styles.
@Suite(.timeLimit(.minutes(1))) struct IntervalTests {
    private static let styles = ["postgres", "postgres_verbose", "sql_standard", "iso_8601"]

    @Test(arguments: LiveServer.allCases)
    func `ten thousand intervals are read in every style`(server: LiveServer) async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("↳ seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let intervals = Self.extremes + (0..<10_000).map { _ in Self.interval(&random) }
        let connection = try await server.connect()
        try await connection.execute("CREATE TEMPORARY TABLE spans (n int, span interval)")
        try await connection.execute(
            "INSERT INTO spans SELECT n, span FROM unnest(\(intervals)) WITH ORDINALITY AS t(span, n)")
        let texts: PostgresQuery = "SELECT span, span::text FROM spans ORDER BY n"
        for style in Self.styles {
            try await connection.execute("SET intervalstyle = \(unsafeSQL: style)")
            for mode in [QueryMode.extended, .simple] {
                let rows = try await connection.query(texts, mode: mode).decode((PostgresInterval, String).self)
                    .collect()
                try #require(rows.count == intervals.count)
                let wrong = zip(intervals, rows).filter { interval, row in
                    row.0 != interval || PostgresInterval(row.1) != interval
                        || style == "postgres" && interval.description != row.1
                }
                #expect(wrong.isEmpty, "seed \(seed), \(style): \(wrong.count) wrong, such as \(wrong.prefix(3))")
            }
        }
    }

    @Test(arguments: [
        ("-1 10:00:00", PostgresInterval(days: -1, microseconds: -36_000_000_000)),
        ("-1 0:00:00.5", PostgresInterval(days: -1, microseconds: -500_000)),
        ("1 10:00:00", PostgresInterval(days: 1, microseconds: 36_000_000_000)),
        ("+0-0 -1 +10:00:00", PostgresInterval(days: -1, microseconds: 36_000_000_000)),
        ("-1 days +10:00:00", PostgresInterval(days: -1, microseconds: 36_000_000_000)),
        ("-1-2", PostgresInterval(months: -14)), ("-1:00:00", PostgresInterval(microseconds: -3_600_000_000)),
    ])
    func `the sign of the whole is that of its clock`(text: String, interval: PostgresInterval) {
        #expect(PostgresInterval(text) == interval)
    }

    private static let extremes = [
        PostgresInterval(), PostgresInterval(months: .min), PostgresInterval(months: .max),
        PostgresInterval(days: .min), PostgresInterval(days: .max), PostgresInterval(microseconds: .max),
        PostgresInterval(microseconds: .min), PostgresInterval(months: -1, days: .min),
        PostgresInterval(days: -1, microseconds: .min), PostgresInterval(months: 1, days: -1, microseconds: .min),
    ]

    /// An interval of which each part may be missing, and has some size between a few and as many as fit.
    private static func interval(_ random: inout SeededGenerator) -> PostgresInterval {
        func part<Integer: FixedWidthInteger>(_ type: Integer.Type, _ units: [Integer]) -> Integer {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<4: 0
            case 4..<6: Integer.random(in: -3...3, using: &random)
            case 6..<9: Integer.random(in: -60...60, using: &random) * (units.randomElement(using: &random) ?? 1)
            default: Integer.random(in: .min ... .max, using: &random)
            }
        }
        return PostgresInterval(
            months: part(Int32.self, [1, 12]), days: part(Int32.self, [1, 30]),
            microseconds: part(Int64.self, [1, 1_000, 1_000_000, 60_000_000, 3_600_000_000]))
    }
}
