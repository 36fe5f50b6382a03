import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// What the registry has after a run through what connections and streams really do.
@Suite(.timeLimit(.minutes(2))) struct MetricEmissionTests {
    @Test func `every metric that is declared is emitted`() async throws {
        let run = try await ObservedRun.shared.value
        let missing = run.metrics.catalogue.map(\.name).filter { !run.emitted.contains($0) }
        #expect(missing.isEmpty, "declared, and nothing in a run emits it")
    }

    @Test func `queries reconcile`() async throws {
        let snapshot = try await ObservedRun.shared.value.metrics.snapshot()
        func total(_ name: String, _ labels: [String: String] = [:]) -> Double { snapshot[name]?.total(labels) ?? -1 }
        let ends = total("query_success_total") + total("query_error_total") + total("query_cancelled_total")
        #expect(total("queries_total") > 20 && total("queries_total") == ends)
        #expect(total("query_completed_total") == ends && total("queries_in_flight") == 0)
        #expect(total("query_completed_total", ["status": "error"]) == total("query_error_total"))
        for name in [
            "query_duration_seconds", "query_total_duration_ms", "query_rows_processed", "query_bytes_received",
        ] {
            #expect(snapshot[name]?.count() == Int(ends), "\(name)")
        }
        #expect(total("errors_total") >= total("query_error_total"))
    }

    @Test func `rows reconcile`() async throws {
        let run = try await ObservedRun.shared.value
        let snapshot = run.metrics.snapshot()
        func total(_ name: String, _ labels: [String: String] = [:]) -> Double { snapshot[name]?.total(labels) ?? -1 }
        let received = total("rows_received_total")
        #expect(received == Double(run.rowsConsumed) && received > 20_000)
        for name in ["rows_processed_total", "query_rows_processed", "chunk_size_rows"] {
            #expect(total(name) == received, "\(name)")
        }
        #expect(total("query_bytes_received") == total("chunk_received_bytes"))
        #expect(total("rows_yielded_total") == received - total("rows_filtered_total"))
        #expect(total("rows_yielded_total", ["entity": "v_document"]) == 700)
        #expect(total("rows_filtered_total", ["entity": "v_document"]) == 300)
        #expect(total("rows_deserialized_total", ["entity": "v_number", "type_name": "Int64"]) == 20_000)
        #expect(total("rows_deserialized_total", ["entity": "v_document"]) == 900)
        #expect(total("rows_deserialization_failed_total") == 101 && total("json_parse_errors_total") == 100)
        for name in ["stream_buffered_items", "held_bytes", "pinned_bytes", "receive_buffer_bytes"] {
            #expect(total(name) == 0, "\(name) after everything was let go of")
        }
    }

    @Test func `connections, logins, pauses and cancellations reconcile`() async throws {
        let snapshot = try await ObservedRun.shared.value.metrics.snapshot()
        func total(_ name: String, _ labels: [String: String] = [:]) -> Double { snapshot[name]?.total(labels) ?? -1 }
        let created = total("connections_created_total")
        #expect(total("connection_attempts_total") == created + total("connections_failed_total"))
        #expect(created == total("connections_closed_total") && total("connections_open") == 0)
        #expect(created == total("tls_connections_total"))
        #expect(snapshot["connect_duration_seconds"]?.count() == Int(created))
        for reason in ["closed", "server", "lost", "protocol"] {
            #expect(total("connections_closed_total", ["reason": reason]) > 0, "\(reason)")
        }
        for version in ["none", "TLSv1.2", "TLSv1.3"] {
            #expect(total("tls_connections_total", ["version": version]) > 0, "\(version)")
        }
        for part in ["protocol_version", "check_interval", "encryption", "cleartext"] {
            #expect(total("connection_fallbacks_total", ["without": part]) > 0, "\(part)")
        }
        for phase in ["opening", "tls", "authentication", "startup"] {
            #expect(total("connections_failed_total", ["phase": phase]) > 0, "\(phase)")
        }
        let unasked = total("authentications_successful_total", ["mechanism": "none"])
        #expect(
            total("authentications_total") == total("authentications_successful_total") - unasked
                + total("authentications_failed_total"))
        for mechanism in ["cleartext", "md5", "scram"] {
            #expect(total("authentications_successful_total", ["mechanism": mechanism]) > 0, "\(mechanism)")
        }
        #expect(total("scram_logins_total", ["channel_binding": "tls_server_end_point"]) == 1)
        #expect(snapshot["stream_pause_duration_ms"]?.count() == Int(total("stream_paused_total")))
        #expect(
            snapshot["cancel_barrier_seconds"]?.count() == Int(total("cancel_requests_total", ["outcome": "delivered"]))
        )
        for deadline in [
            "connect", "query", "idle", "pause", "memory", "cancel", "close", "control", "transaction", "commit",
            "clean_up",
        ] {
            #expect(total("deadlines_exceeded_total", ["deadline": deadline]) > 0, "\(deadline)")
        }
        for way in ["drained", "cancelled", "cancelled_transaction", "closed"] {
            #expect(total("streams_left_total", ["way": way]) > 0, "\(way)")
        }
    }

    @Test func `leases reconcile`() async throws {
        let snapshot = try await ObservedRun.shared.value.metrics.snapshot()
        func total(_ name: String, _ labels: [String: String] = [:]) -> Double { snapshot[name]?.total(labels) ?? -1 }
        let leases = total("pool_leases_total")
        #expect(leases == 3 && snapshot["pool_wait_seconds"]?.count() == 3)
        #expect(snapshot["pool_lease_seconds"]?.count() == 3 && total("pool_resets_total") == 3)
        #expect(total("pool_connections") == 0 && total("pool_waiting") == 0)
        #expect(total("pool_connections_closed_total", ["reason": "shut_down"]) == 1)
        for reason in ["queue_full", "cancelled"] {
            #expect(total("pool_lease_failures_total", ["reason": reason]) == 1, "\(reason)")
        }
    }

    @Test func `Prometheus reads all of it, under both prefixes`() async throws {
        let metrics = try await ObservedRun.shared.value.metrics
        let (status, output) = try await Promtool.check(metrics.prometheusText())
        #expect(status == .code(0) && output.isEmpty, "\(output)")
        let (_, remarks) = try await Promtool.check(metrics.prometheusText(.fraiseWire))
        let names = FraiseWireNames.all.map(\.name).filter { $0.hasSuffix("_ms") }
        #expect(
            Set(remarks.split(separator: "\n").map(String.init))
                == Set(names.map { "fraiseql_\($0) metric names should not contain abbreviated units" }))
    }

    @Test func `no SQL, parameter, value or word of a server is in a metric or an event`() async throws {
        let run = try await ObservedRun.shared.value
        #expect(!run.metrics.prometheusText(.fraiseWire).contains(ObservedRun.canary))
        #expect(run.observer.events.count > 200)
        for event in run.observer.events {
            #expect(!printed(event).contains(ObservedRun.canary))
            #expect(!event.line(.json).contains(ObservedRun.canary) && !event.line(.text).contains("SELECT"))
            #expect(event.text == nil)
        }
        #expect(!printed(run.metrics).contains(ObservedRun.canary))
    }
}
