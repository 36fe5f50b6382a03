/// What is counted of rows on their way into values.
///
/// Documents, predicates and their times are reported by whoever decodes documents; see `StreamControl`.
package struct DecodingMetrics: Sendable {
    /// Rows that a predicate kept back.
    package let filtered: MetricSeries<Counter, QueryName>
    let filterTime: MetricSeries<Histogram, QueryName>
    /// Rows that became values.
    package let decoded: MetricSeries<Counter, QueryName, RowTypeName>
    let failed: MetricSeries<Counter, QueryName, RowTypeName, ErrorReason>
    let time: MetricSeries<Histogram, QueryName, RowTypeName>
    let jsonErrors: MetricSeries<Counter, QueryName>
    let jsonTime: MetricSeries<Histogram, QueryName>

    init(_ catalogue: inout MetricCatalogue) {
        filtered = catalogue.series("rows_filtered_total", "Rows that a predicate kept back.", unit: .rows)
        filterTime = catalogue.series(
            "filter_duration_seconds", "Time that a predicate took for one row.", unit: .seconds)
        catalogue.milliseconds("filter_duration_ms", of: filterTime.declaration)
        decoded = catalogue.series("rows_deserialized_total", "Rows that became values.", unit: .rows)
        failed = catalogue.series("rows_deserialization_failed_total", "Rows that could not become values.")
        time = catalogue.series(
            "deserialization_duration_seconds", "Time that decoding one row took; one row of a chunk is measured.",
            unit: .seconds)
        catalogue.milliseconds("deserialization_duration_ms", of: time.declaration)
        jsonErrors = catalogue.series("json_parse_errors_total", "Documents that are no JSON, or NULL.")
        jsonTime = catalogue.series(
            "json_parse_duration_seconds", "Time that parsing one document took.", unit: .seconds)
        catalogue.milliseconds("json_parse_duration_ms", of: jsonTime.declaration)
        catalogue.derived(
            MetricDeclaration(
                name: "rows_yielded_total", help: "Rows received that no predicate kept back.", kind: .counter,
                unit: .rows, labels: [QueryName.name])
        ) { readings in
            let filtered = Dictionary(readings.sums(of: "rows_filtered_total")) { first, _ in first }
            return readings.sums(of: "rows_received_total").map { entity, count in
                MetricSeriesReading(labels: [entity], reading: .number(count - filtered[entity, default: 0]))
            }
        }
    }
}
