import PostgresWire

/// What is counted of streams while they run: chunks, memory, pauses, and how they are left.
package struct StreamMetrics: Sendable {
    let rowsReceived: MetricSeries<Counter, QueryName>
    let chunkRows: MetricSeries<Histogram, QueryName>
    let chunkBytes: MetricSeries<Histogram, QueryName>
    let chunkTime: MetricSeries<Histogram, QueryName>
    let handOverTime: MetricSeries<Histogram, QueryName>
    let occupancy: MetricSeries<Histogram, QueryName>
    let lastChunkBytes: MetricSeries<Gauge, QueryName>
    /// Rows that are here and were not handed out.
    package let bufferedRows: MetricSeries<Gauge, QueryName>
    /// Changes of the chunk size.
    package let adjusted: MetricSeries<Counter, QueryName, AdjustmentDirection, OldChunkSize, NewChunkSize>
    let gathered: Counter
    let gatheredInVain: Counter

    let paused: MetricSeries<Counter, QueryName>
    let resumed: MetricSeries<Counter, QueryName>
    let pauseExpired: MetricSeries<Counter, QueryName>
    let pauseTime: MetricSeries<Histogram, QueryName>

    let longSnapshots: MetricSeries<Counter, QueryName>

    /// The buffers of all connections that report here.
    let memory = SlabAccount()
    /// What of them the connections receive into.
    let receiveBuffers: Gauge
    let memoryWarned: MetricSeries<Counter, QueryName>
    let memoryExceeded: MetricSeries<Counter, QueryName>
    let memoryWait: Histogram

    let exits: MetricSeries<Counter, ExitWay>
    let cancels: MetricSeries<Counter, CancelOutcome>
    let cancelBarrier: Histogram

    init(_ catalogue: inout MetricCatalogue) {
        rowsReceived = catalogue.series("rows_received_total", "Rows that were handed out in chunks.", unit: .rows)
        chunkRows = catalogue.series("chunk_size_rows", "Rows of one chunk.", unit: .rows)
        chunkBytes = catalogue.series("chunk_received_bytes", "Bytes of the rows of one chunk.", unit: .bytes)
        chunkTime = catalogue.series(
            "chunk_processing_duration_seconds", "Time from handing out a chunk until the next is asked for.",
            unit: .seconds)
        catalogue.milliseconds("chunk_processing_duration_ms", of: chunkTime.declaration)
        handOverTime = catalogue.series(
            "chunk_hand_over_seconds", "Time from the read that brought a chunk's rows until they are handed out.",
            unit: .seconds)
        // There is no channel here; this is what rows wait for in its place.
        catalogue.milliseconds("channel_send_latency_ms", of: handOverTime.declaration)
        occupancy = catalogue.series(
            "channel_occupancy_rows", "Rows at hand when a chunk is handed out, those of the chunk included.",
            unit: .rows)
        lastChunkBytes = catalogue.series("chunk_size_bytes", "Bytes of the chunk that came last.", unit: .bytes)
        bufferedRows = catalogue.series(
            "stream_buffered_items", "Rows of open streams that are here and were not handed out.", unit: .rows)
        adjusted = catalogue.series(
            "adaptive_chunk_adjusted_total",
            "Changes of the most rows of a chunk; sizes are rounded up to powers of two.")
        gathered = catalogue.counter("gathered_reads_total", "Reads that were put off so that bytes could gather.")
        gatheredInVain = catalogue.counter("gathered_reads_vain_total", "Reads put off after which nothing had come.")

        paused = catalogue.series("stream_paused_total", "Streams that were paused.")
        resumed = catalogue.series("stream_resumed_total", "Streams that went on after a pause.")
        pauseExpired = catalogue.series(
            "stream_pause_timeout_expired_total", "Pauses that lasted as long as they were allowed to.")
        pauseTime = catalogue.series("stream_pause_duration_seconds", "Time that a pause lasted.", unit: .seconds)
        catalogue.milliseconds("stream_pause_duration_ms", of: pauseTime.declaration)

        longSnapshots = catalogue.series(
            "long_snapshots_total", "Queries that were open for longer than the threshold, and hold vacuum back.")

        receiveBuffers = catalogue.gauge(
            "receive_buffer_bytes", "Bytes of the buffers that connections receive into.", unit: .bytes)
        memoryWarned = catalogue.series("memory_soft_limit_warned_total", "Crossings of a stream's soft memory limit.")
        memoryExceeded = catalogue.series(
            "memory_limit_exceeded_total", "Streams that failed because their memory limit left no room.")
        memoryWait = catalogue.histogram(
            "memory_wait_seconds", "Time that a stream waited for rows to be let go of.", unit: .seconds)
        Self.deriveMemory(&catalogue, memory)

        exits = catalogue.series("streams_left_total", "Queries left before their end, by how that was done.")
        cancels = catalogue.series("cancel_requests_total", "Cancel requests, by whether they were delivered.")
        cancelBarrier = catalogue.histogram(
            "cancel_barrier_seconds", "Time from a cancel request to the end of its connection.", unit: .seconds)
    }

    private static func deriveMemory(_ catalogue: inout MetricCatalogue, _ memory: SlabAccount) {
        func declare(_ name: String, _ help: String, _ value: @escaping @Sendable (MetricReadings) -> Int) {
            catalogue.derived(
                MetricDeclaration(name: name, help: help, kind: .gauge, unit: .bytes, labels: [])
            ) { readings in [MetricSeriesReading(labels: [], reading: .number(value(readings)))] }
        }
        declare("held_bytes", "Bytes of all buffers, those of kept rows included.") { _ in memory.held }
        declare("pinned_bytes", "Bytes of buffers that only kept rows hold.") { readings in
            max(readings.total(of: "held_bytes") - readings.total(of: "receive_buffer_bytes"), 0)
        }
    }
}

/// Whether the most rows of a chunk went up or down.
package enum AdjustmentDirection: Int, ClosedMetricLabel {
    case up, down
    /// The label's name.
    package static let name = "direction"
}

/// A chunk size before a change, rounded up to a power of two.
package struct OldChunkSize: MetricLabel {
    /// The label's name.
    package static let name = "old_size"
    /// The logarithm to the base of two.
    package let number: Int

    /// The label of a size.
    package init(_ size: Int) { number = size.logarithmRoundedUp }

    /// The size.
    package static func text(_ number: Int, _ names: MetricNames) -> String { "\(1 << number)" }
}

/// A chunk size after a change, rounded up to a power of two.
package struct NewChunkSize: MetricLabel {
    /// The label's name.
    package static let name = "new_size"
    /// The logarithm to the base of two.
    package let number: Int

    /// The label of a size.
    package init(_ size: Int) { number = size.logarithmRoundedUp }

    /// The size.
    package static func text(_ number: Int, _ names: MetricNames) -> String { "\(1 << number)" }
}

extension Int {
    fileprivate var logarithmRoundedUp: Int {
        self > 1 ? Swift.min(Int.bitWidth - (self - 1).leadingZeroBitCount, 62) : 0
    }
}

/// How a query that was left before its end came to one.
package enum ExitWay: Int, ClosedMetricLabel {
    /// The little that was left of it was read.
    case drained
    /// It was cancelled on the server.
    case cancelled
    /// It was cancelled within a transaction block, which that failed.
    case cancelledTransaction
    /// It could not be cancelled, or not in time, and the connection was closed.
    case closed
    /// The label's name.
    package static let name = "way"
}

/// Whether a cancel request was delivered.
package enum CancelOutcome: Int, ClosedMetricLabel {
    case delivered, failed
    /// The label's name.
    package static let name = "outcome"
}
