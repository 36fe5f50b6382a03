// Who decodes documents from a stream reports here what only he can know: predicates, parsing, and how long it took.

extension StreamControl {
    /// A predicate looked at one row for so long. Measure one row in a chunk.
    package func noteFilterTime(_ time: Duration) {
        withDecoding { $0.filterTime[$1].record(time) }
    }

    /// A document was parsed in so much time. Measure one in a chunk.
    package func noteParseTime(_ time: Duration) {
        withDecoding { $0.jsonTime[$1].record(time) }
    }

    /// A document is no JSON, or NULL.
    package func noteMalformedDocument() {
        withDecoding { $0.jsonErrors[$1].add() }
    }

    /// Rows became values of a type, one of which took so much time. Called per chunk.
    package func noteDecoded(_ count: Int, into type: Any.Type, oneIn time: Duration?) {
        guard let metrics = observation?.metrics else { return }
        let type = metrics.label(ofType: "\(type)")
        withDecoding { decoding, name in
            decoding.decoded[name, type].add(count)
            if let time { decoding.time[name, type].record(time) }
        }
    }

    /// A row did not become a value of a type.
    package func noteNotDecoded(_ error: PostgresError, into type: Any.Type) {
        guard let metrics = observation?.metrics else { return }
        let type = metrics.label(ofType: "\(type)")
        withDecoding { $0.failed[$1, type, ErrorReason(error)].add() }
    }

    private func withDecoding(_ body: (DecodingMetrics, QueryName) -> Void) {
        guard let observation, let metrics = observation.metrics, let series = observation.series else { return }
        body(metrics.decoding, series.label)
    }
}
