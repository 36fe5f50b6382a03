/// How a stream is read: how much at a time, within which memory, and how long it may take.
public struct StreamOptions: Hashable, Sendable {
    /// What the query is called in metrics and events, such as the name of the view it reads; nil for no name. A few dozen
    /// different ones make sense: beyond `100` in one registry they count as `other`. Never put a value into it.
    public var name: String?
    /// What whoever put the query together knows of it, for metrics.
    package var traits = QueryTraits()

    /// The most rows of a chunk, as the stream begins. What one read brings may be fewer; nothing is held back.
    public var chunkSize = 256
    /// Whether the most rows of a chunk follow from how fast rows arrive and are consumed.
    public var isAdaptive = true
    /// The bounds of an adaptive chunk size.
    public var chunkSizeBounds = 16...1024
    /// The most bytes of a chunk. A single row may be longer.
    public var chunkBytesMax = 256 << 10
    /// How long bytes may be left to gather while a long result arrives in many small pieces, which saves both sides most
    /// of their work. Never before the first rows, and never at the end of a result. Zero reads whatever is there at once.
    public var gatherTimeMax = Duration.microseconds(200)

    /// The longest value that is accepted, in bytes on the wire; nil: as long as a row may be. A longer one fails with
    /// `memoryLimitExceeded`, as soon as its length has come.
    public var valueBytesMax: Int?
    /// The bytes that the connection's receive buffers may take, counting those that kept rows hold; nil: no limit. What
    /// cannot fit fails with `memoryLimitExceeded` before it is allocated.
    public var memoryMax: Int?
    /// Above so many bytes nothing is read until rows are let go of; nil: no such limit.
    public var memorySoftMax: Int?
    /// How long a stream waits for memory before it fails with `memoryLimitExceeded`.
    public var memoryWait = Duration.seconds(5)

    /// The time for the whole query, from sending it to its last row; nil: the configuration's `queryTimeout`, which is no
    /// limit by default. Then it fails with `queryTimedOut`
    /// and is cancelled on the server. Pauses and the consumer's own time count, because the server keeps its snapshot
    /// meanwhile; it is looked at where rows are asked for.
    public var timeout: Duration?
    /// The time that the server may be silent while rows are waited for; nil: no limit. Neither pauses nor the consumer's
    /// own time count.
    public var idleTimeout: Duration?

    /// How long the query may be open before that is reported, once, as `PostgresEvent.Kind.longSnapshot` and in metrics: as
    /// long as it is the server keeps a snapshot for it, which holds vacuum back. Five minutes by default; nil: never. Nothing
    /// is ended by it. A stream that is neither read nor waited for is reported when that happens, or when it ends.
    public var longSnapshotThreshold: Duration? = .seconds(300)

    /// Whether a stream by a portal asks for its plan first, and reports as `PostgresEvent.Kind.serialPlan` where that would run
    /// in parallel: by a portal it does not. Costs a round trip, and planning twice; for finding such queries, where they are
    /// observed. False by default.
    public var reportsSerialPlans = false

    /// Whether nobody looks at the rows, so that they may be those of several results.
    var ignoresRows = false
    /// The column whose values come in pieces; nil where rows come whole.
    var pieceColumn: String?

    /// The defaults.
    public init() {}

    /// The defaults, but for what `change` changes.
    public init(_ change: (inout StreamOptions) -> Void) {
        change(&self)
    }

    /// These for a query whose rows are not looked at.
    var ignoringRows: StreamOptions {
        var options = self
        options.ignoresRows = true
        return options
    }

    /// Brings what contradicts itself into a form that can be followed.
    var normalized: StreamOptions {
        var options = self
        let lowest = max(chunkSizeBounds.lowerBound, 1)
        options.chunkSizeBounds = lowest...max(chunkSizeBounds.upperBound, lowest)
        options.chunkSize =
            isAdaptive ? min(max(chunkSize, lowest), options.chunkSizeBounds.upperBound) : max(chunkSize, 1)
        options.chunkBytesMax = max(chunkBytesMax, 1)
        options.gatherTimeMax = min(max(gatherTimeMax, .zero), .milliseconds(10))
        options.memoryWait = memoryWait.asLimit
        options.timeout = timeout?.asLimit
        options.idleTimeout = idleTimeout?.asLimit
        return options
    }
}
