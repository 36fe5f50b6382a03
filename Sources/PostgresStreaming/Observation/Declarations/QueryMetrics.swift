/// What is counted of queries, from their beginning to their end.
package struct QueryMetrics: Sendable {
    let submitted: MetricSeries<Counter, QueryName, HasWhereSQL, HasWherePredicate, HasOrderBy>
    let succeeded: MetricSeries<Counter, QueryName>
    let failed: MetricSeries<Counter, QueryName, ErrorCategory>
    let cancelled: MetricSeries<Counter, QueryName>
    let rowsProcessed: MetricSeries<Counter, QueryName, QueryStatus>
    let startupTime: MetricSeries<Histogram, QueryName>
    let firstRowTime: MetricSeries<Histogram, QueryName>
    /// Times from sending to the end.
    package let totalTime: MetricSeries<Histogram, QueryName>
    let rows: MetricSeries<Histogram, QueryName>
    let bytes: MetricSeries<Histogram, QueryName>
    let serverWait: MetricSeries<Histogram, QueryName>
    let consumerWait: MetricSeries<Histogram, QueryName>
    let stalls: MetricSeries<Counter, StallSide>
    let deadlines: MetricSeries<Counter, Deadline>

    init(_ catalogue: inout MetricCatalogue) {
        submitted = catalogue.series("queries_total", "Queries that were begun.")
        succeeded = catalogue.series("query_success_total", "Queries that were read to their end.")
        failed = catalogue.series("query_error_total", "Queries that failed, on the server or here.")
        cancelled = catalogue.series("query_cancelled_total", "Queries that were left before their end.")
        Self.deriveCompletions(&catalogue)
        rowsProcessed = catalogue.series(
            "rows_processed_total", "Rows of queries that are over.", unit: .rows)
        startupTime = catalogue.series(
            "query_startup_duration_seconds", "Time from sending a query to the description of its rows.",
            unit: .seconds)
        catalogue.milliseconds("query_startup_duration_ms", of: startupTime.declaration)
        firstRowTime = catalogue.series(
            "query_first_row_seconds", "Time from sending a query to its first row.", unit: .seconds)
        totalTime = catalogue.series(
            "query_duration_seconds", "Time from sending a query to its end.", unit: .seconds)
        catalogue.milliseconds("query_total_duration_ms", of: totalTime.declaration)
        rows = catalogue.series("query_rows_processed", "Rows of one query.", unit: .rows)
        bytes = catalogue.series("query_bytes_received", "Bytes of the rows of one query.", unit: .bytes)
        serverWait = catalogue.series(
            "query_server_wait_seconds", "Time in which a query's consumer waited for rows.", unit: .seconds)
        consumerWait = catalogue.series(
            "query_consumer_wait_seconds", "Time in which a query's rows waited for their consumer.", unit: .seconds)
        stalls = catalogue.series(
            "stalls_total", "Waits within a query that lasted longer than the threshold, by whom they were for.")
        deadlines = catalogue.series("deadlines_exceeded_total", "Time limits that passed, by which.")
    }

    /// What follows from beginnings and ends agrees with them in every snapshot.
    private static func deriveCompletions(_ catalogue: inout MetricCatalogue) {
        catalogue.derived(
            MetricDeclaration(
                name: "query_completed_total", help: "Queries that are over, by how they ended.", kind: .counter,
                unit: .count, labels: [QueryName.name, QueryStatus.name])
        ) { readings in
            let ends: [(QueryStatus, String)] = [
                (.success, "query_success_total"), (.error, "query_error_total"),
                (.cancelled, "query_cancelled_total"),
            ]
            return ends.flatMap { status, name in
                readings.sums(of: name).map { entity, count in
                    MetricSeriesReading(labels: [entity, status.text], reading: .number(count))
                }
            }
        }
        catalogue.derived(
            MetricDeclaration(
                name: "queries_in_flight", help: "Queries that were begun and are not over.", kind: .gauge,
                unit: .count, labels: [])
        ) { readings in
            let ends = ["query_success_total", "query_error_total", "query_cancelled_total"]
            let count = readings.total(of: "queries_total") - ends.reduce(0) { $0 + readings.total(of: $1) }
            return [MetricSeriesReading(labels: [], reading: .number(count))]
        }
    }
}

/// For whom a query waits.
package enum StallSide: Int, ClosedMetricLabel {
    case server, consumer
    /// The label's name.
    package static let name = "side"
}

/// A time limit.
package enum Deadline: Int, ClosedMetricLabel {
    case connect, query, idle, pause, memory, cancel, close, control, transaction, commit, cleanUp
    /// The label's name.
    package static let name = "deadline"
}
