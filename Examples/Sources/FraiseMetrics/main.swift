// Counts what queries do, for a look from within the program and for Prometheus.
//
//     swift run --package-path Examples FraiseMetrics postgres://user@localhost/database

import FraiseWire
import PostgresStreaming
import Tracker

await ExampleProgram.run("FraiseMetrics") { url in
    let metrics = PostgresMetrics()
    var configuration = try PostgresConfiguration(connectionString: url)
    configuration.metrics = metrics
    let client = try await FraiseClient.connect(configuration)

    let active = try client.query("tracker.v_project", as: Project.self).where(.field("status") == "active")
    for _ in 1...3 { _ = try await active.filter { $0.stars > 490 }.execute().collect() }
    _ = try? await client.query("tracker.v_nothing").execute()
    await client.close()

    // By name and labels.
    let snapshot = metrics.snapshot()
    for name in ["query_success_total", "query_error_total", "rows_received_total", "rows_filtered_total"] {
        for series in snapshot[name]?.series ?? [] {
            print(
                "\(name) \(series.labels.map { "\($0.name)=\($0.value)" }.joined(separator: ",")): \(Int(series.value))"
            )
        }
    }
    // As fraiseql-wire calls them, for dashboards that are there already.
    let text = metrics.prometheusText(.fraiseWire)
    for line in text.split(separator: "\n") where line.hasPrefix("fraiseql_rows_filtered_total") { print(line) }
}
