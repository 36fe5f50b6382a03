/// How a COPY from the client is run.
public struct PostgresCopyInput: Sendable {
    /// What the COPY is called in metrics and events; see `StreamOptions.name`.
    public var name: String?
    /// What the server is told besides the format, such as `FREEZE`; of effect where the statement is made here.
    public var server = PostgresCopyOptions()
    /// The time for the whole COPY, from saying it to its outcome; nil: the configuration's `queryTimeout`, which is no limit
    /// by default. Then the COPY fails with `queryTimedOut`, and nothing of it takes effect. The time that data takes to be
    /// made counts as well; it is looked at when data is sent.
    public var timeout: Duration?
    /// How many bytes are gathered before they are sent in one message.
    public var bufferBytes = 64 << 10

    /// The defaults.
    public init() {}

    /// The defaults, but for what `change` changes.
    public init(_ change: (inout PostgresCopyInput) -> Void) {
        change(&self)
    }
}

/// What a COPY from the client has done.
public struct PostgresCopyResult: Hashable, Sendable {
    /// The rows that the server took in. Those that it skipped by `ON_ERROR ignore` or left out by `WHERE` do not count.
    public let rowCount: Int
    /// The bytes of data that were sent.
    public let sentBytes: Int
}
