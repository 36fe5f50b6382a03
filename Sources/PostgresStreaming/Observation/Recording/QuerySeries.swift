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
