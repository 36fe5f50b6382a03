import PostgresStreaming

/// The metrics of fraiseql-wire, whose dashboards are to keep working.
enum FraiseWireNames {
    private static let counters: KeyValuePairs = [
        "queries_total": "entity has_where_sql has_where_rust has_order_by", "query_success_total": "entity",
        "query_error_total": "entity error_category", "query_cancelled_total": "entity",
        "query_completed_total": "entity status", "rows_processed_total": "entity status",
        "rows_filtered_total": "entity", "rows_deserialized_total": "entity type_name",
        "rows_deserialization_failed_total": "entity type_name reason", "errors_total": "error_category phase",
        "protocol_errors_total": "message_type", "json_parse_errors_total": "entity",
        "connections_created_total": "transport", "connections_failed_total": "phase error_category",
        "authentications_total": "mechanism", "authentications_successful_total": "mechanism",
        "authentications_failed_total": "mechanism reason", "memory_limit_exceeded_total": "entity",
        "adaptive_chunk_adjusted_total": "entity direction old_size new_size", "stream_paused_total": "entity",
        "stream_resumed_total": "entity", "stream_pause_timeout_expired_total": "entity",
        "memory_soft_limit_warned_total": "entity",
    ]
    private static let histograms: KeyValuePairs = [
        "query_startup_duration_ms": "entity", "query_total_duration_ms": "entity", "query_rows_processed": "entity",
        "query_bytes_received": "entity", "chunk_processing_duration_ms": "entity", "chunk_size_rows": "entity",
        "json_parse_duration_ms": "entity", "filter_duration_ms": "entity",
        "deserialization_duration_ms": "entity type_name", "channel_send_latency_ms": "entity",
        "auth_duration_ms": "mechanism", "channel_occupancy_rows": "entity", "stream_pause_duration_ms": "entity",
    ]
    private static let gauges: KeyValuePairs = ["chunk_size_bytes": "entity", "stream_buffered_items": "entity"]

    /// Name, kind and labels of each.
    static let all: [(name: String, kind: MetricKind, labels: [String])] =
        [(counters, MetricKind.counter), (histograms, .histogram), (gauges, .gauge)].flatMap { pairs, kind in
            pairs.map { ($0.key, kind, $0.value.split(separator: " ").map(String.init)) }
        }
}
