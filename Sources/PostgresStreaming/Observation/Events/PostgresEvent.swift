/// One thing that happened to a connection or a query.
///
/// What does not belong to the kind is nil. Unless the observer asks for texts, an event holds neither SQL nor anything
/// else that a value could be in.
public struct PostgresEvent: Sendable {
    /// What happened.
    public let kind: Kind
    /// When, since the beginning of 1970.
    public let time: Duration
    /// The number of the connection; no two of a process have the same. 0 for what is about a whole pool.
    public let connection: Int
    /// The number of the query; no two of a process have the same.
    public internal(set) var query: Int?
    /// What the query is called: `StreamOptions.name`.
    public internal(set) var name: String?
    /// Where the query stands now.
    public internal(set) var phase: QueryPhase?
    /// How long it took: the phase before, a stall, a pause, the whole of what ended.
    public internal(set) var duration: Duration?
    /// The rows handed out so far.
    public internal(set) var rows: Int?
    /// Their bytes, or those a closed connection received.
    public internal(set) var bytes: Int?
    /// What went wrong.
    public internal(set) var error: PostgresError.Code?
    /// The SQLSTATE, where the server sent one.
    public internal(set) var sqlState: SQLState?
    /// More, by name: `transport`, `address`, `tls`, `protocol`, `without`, `severity`, `status`, `way`, `reason`,
    /// `process_id`.
    public internal(set) var attributes: [String: String] = [:]
    /// SQL, the server's words or a person's: only where the observer asks for texts.
    public internal(set) var text: String?

    init(_ kind: Kind, connection: Int) {
        self.kind = kind
        self.connection = connection
        time = .sinceEpoch
    }
}

extension PostgresEvent {
    /// What happened. New kinds may come with any release.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        /// The name, in lower case with underscores.
        public let description: String

        private init(_ name: String) { description = name }

        /// A connection is ready; `duration` is the time it took.
        public static let connectionOpened = Kind("connection_opened")
        /// An attempt led to no connection; another may follow.
        public static let connectionFailed = Kind("connection_failed")
        /// A server would not have something, so it is asked again `without` it, and this is remembered.
        public static let connectionFallback = Kind("connection_fallback")
        /// A connection ended; `duration` is the time it was open.
        public static let connectionClosed = Kind("connection_closed")
        /// The server has something to say; `severity` says how grave it is.
        public static let notice = Kind("notice")
        /// A query has come to `phase`; `duration` is the time since it was asked for, and at the end the whole time.
        public static let queryPhase = Kind("query_phase")
        /// A query took longer than the observer's threshold.
        public static let slowQuery = Kind("slow_query")
        /// A query was left before its end, and its connection is in order again, or closed: `way` says how.
        public static let queryLeft = Kind("query_left")
        /// A stream's memory crossed its soft limit.
        public static let memorySoftLimit = Kind("memory_soft_limit")
        /// A query is open for longer than `StreamOptions.longSnapshotThreshold`, so the server keeps its snapshot and vacuum
        /// removes nothing that it may see; `duration` is how long, `phase` where it stands, `process_id` the server's process.
        public static let longSnapshot = Kind("long_snapshot")
        /// A query by a portal runs without the workers that its plan has; see `StreamOptions.reportsSerialPlans`.
        public static let serialPlan = Kind("serial_plan")
        /// A connection of a pool is lent for longer than `PostgresPoolConfiguration.longLeaseThreshold`; `name` is the
        /// label of the lease, and `duration` how long it has lasted.
        public static let longLease = Kind("long_lease")
        /// Something works less well than it could; `reason` says what.
        public static let warning = Kind("warning")
    }
}
