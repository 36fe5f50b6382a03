import PostgresStreaming

/// What was delivered, waited and told of a stream in a model, added up from each step of its time. In nanoseconds.
struct StreamBooks {
    private(set) var chunks = 0
    private var waiting: Int64 = 0
    private var consuming: Int64 = 0
    /// What counts with the next chunk or the end.
    private var waitingNow: Int64 = 0
    private var consumingNow: Int64 = 0
    /// The time since rows were last asked for; but for what was waited aside, and with it.
    private var chunkTime: Int64 = 0
    private var sinceRequest: Int64 = 0
    private var hasRequested = false

    private(set) var ends = 0
    private(set) var pausedTime = Duration.zero
    private var memoryWait: Int64 = 0
    private var memoryWaitNow: Int64 = 0
    private var memoryWaitTold: Int64 = 0
    private var endTold: StreamEnd?

    /// Whether rows that are handed out now were in hand when they were asked for.
    var isAtRequest: Bool { sinceRequest == 0 }

    mutating func pass(_ time: Int64, _ reader: StreamModel.Reader) {
        sinceRequest += time
        switch reader {
        case .waitingForPause: return
        case .waitingForMemory:
            memoryWaitNow += time
            return
        case .reading: waitingNow += time
        case .idle where !hasRequested: waitingNow += time
        case .idle, .dropping: consumingNow += time
        }
        chunkTime += time
    }

    mutating func memoryWaitEnds() {
        memoryWait += memoryWaitNow
        memoryWaitNow = 0
    }

    mutating func request(_ consumed: StreamLedger.ConsumedChunk?) -> String? {
        defer { (hasRequested, waitingNow, chunkTime, sinceRequest) = (true, 0, 0, 0) }
        guard let consumed else { return chunks == 0 ? nil : "a chunk is not consumed" }
        if consumed.rows != 1 || consumed.bytes != 10 { return "another chunk is consumed" }
        return consumed.time == chunkTime && consumed.consuming == consumingNow
            ? nil : "a chunk took \(consumed), and \(chunkTime) and \(consumingNow) it was"
    }

    mutating func deliver(_ delivery: StreamLedger.Delivery) -> String? {
        if delivery.number != chunks { return "chunk \(chunks) is told of as \(delivery.number)" }
        if delivery.waiting != waitingNow { return "the server took \(waitingNow), and not \(delivery.waiting)" }
        chunks += 1
        count()
        return nil
    }

    mutating func end() { count() }

    private mutating func count() {
        waiting += waitingNow
        consuming += consumingNow
        // A wait for memory that ends with the stream is not told of.
        (waitingNow, consumingNow, memoryWaitNow) = (0, 0, 0)
    }

    mutating func take(_ effects: StreamEffects, _ end: StreamEnd?) {
        if let pause = effects.endedPause { pausedTime += pause.time }
        memoryWaitTold += effects.waitedForMemory ?? 0
        guard effects.hasEnded else { return }
        ends += 1
        endTold = end
    }

    /// What the machine's books say else.
    func problem(of ledger: StreamLedger) -> String? {
        if (ledger.rows, ledger.bytes, ledger.chunks) != (chunks, chunks * 10, chunks) {
            return "\(ledger.rows) rows, \(ledger.bytes) bytes in \(ledger.chunks) chunks; \(chunks) were delivered"
        }
        if ledger.waiting != waiting { return "\(ledger.waiting) waited for the server, \(waiting) it was" }
        if ledger.consuming != consuming { return "\(ledger.consuming) for the consumer, \(consuming) it was" }
        if ledger.waiting < 0 || ledger.consuming < 0 { return "a wait is negative" }
        if memoryWaitTold != memoryWait { return "\(memoryWaitTold) waited for memory, \(memoryWait) it was" }
        guard let end = endTold?.ledger else { return nil }
        return (end.rows, end.bytes, end.waiting, end.consuming) == (chunks, chunks * 10, waiting, consuming)
            && (end.total ?? -1) >= 0 ? nil : "the end tells other figures"
    }
}
