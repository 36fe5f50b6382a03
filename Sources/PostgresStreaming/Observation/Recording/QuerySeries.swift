/// The instruments that every query of one name records in, found once.
final class QuerySeries: Sendable {
    let label: QueryName
    let succeeded: Counter
    let startupTime: Histogram
    let firstRowTime: Histogram
    let totalTime: Histogram
    let rows: Histogram
    let bytes: Histogram
    let serverWait: Histogram
    let consumerWait: Histogram
    let rowsReceived: Counter
    let chunkRows: Histogram
    let chunkBytes: Histogram
    let chunkTime: Histogram
    let handOverTime: Histogram
    let occupancy: Histogram
    let lastChunkBytes: Gauge
    let bufferedRows: Gauge

    init(_ label: QueryName, _ queries: QueryMetrics, _ streams: StreamMetrics) {
        self.label = label
        succeeded = queries.succeeded[label]
        startupTime = queries.startupTime[label]
        firstRowTime = queries.firstRowTime[label]
        totalTime = queries.totalTime[label]
        rows = queries.rows[label]
        bytes = queries.bytes[label]
        serverWait = queries.serverWait[label]
        consumerWait = queries.consumerWait[label]
        rowsReceived = streams.rowsReceived[label]
        chunkRows = streams.chunkRows[label]
        chunkBytes = streams.chunkBytes[label]
        chunkTime = streams.chunkTime[label]
        handOverTime = streams.handOverTime[label]
        occupancy = streams.occupancy[label]
        lastChunkBytes = streams.lastChunkBytes[label]
        bufferedRows = streams.bufferedRows[label]
    }

    // Here and not where the series are held: what a class holds for good is used from within it without a reference of
    // its own, and these two are called for every chunk.

    /// A chunk was handed out.
    func delivered(_ chunk: borrowing ChunkRecord) {
        rowsReceived.add(chunk.rows)
        chunkRows.record(chunk.rows)
        chunkBytes.record(chunk.bytes)
        handOverTime.record(chunk.handOver)
        occupancy.record(chunk.rows + chunk.rowsLeft)
        lastChunkBytes.set(chunk.bytes)
        if chunk.rowsLeft != chunk.rowsLeftBefore { bufferedRows.add(chunk.rowsLeft - chunk.rowsLeftBefore) }
    }

    /// The consumer has done with a chunk.
    func consumed(nanoseconds: Int64) { chunkTime.record(nanoseconds) }
}

extension QueryMetrics {
    /// Counts a query of which so much is known.
    func submit(_ name: QueryName, _ traits: QueryTraits) {
        submitted[
            name, HasWhereSQL(traits.hasWhereSQL), HasWherePredicate(traits.hasWherePredicate),
            HasOrderBy(traits.hasOrderBy)
        ].add()
    }
}
