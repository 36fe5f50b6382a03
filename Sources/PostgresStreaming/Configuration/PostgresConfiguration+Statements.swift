extension PostgresConfiguration {
    /// A pooler between client and server, by what it does with a server's session.
    public enum Pooler: Hashable, Sendable {
        /// A client has a server's session for as long as it is connected, so everything works as without a pooler.
        case session
        /// A client has a server's session for a transaction only, and the next one may meet another session. Statements
        /// are not kept then, because the names that they have on one session mean nothing on the next.
        ///
        /// A pooler that keeps track of statements itself, such as PgBouncer 1.21 and newer where
        /// `max_prepared_statements` is set, is none of these as far as this client is concerned: `session` is right.
        case transaction
    }

    /// The bounds of the statements that a connection keeps prepared by itself.
    ///
    /// A query whose text and parameter types come a second time on one connection is prepared, and from then on it is
    /// sent as parameters alone: the server does not parse it again, may keep its plan, and does not describe the result
    /// again. A change of the schema is noticed; see `PostgresError.Code.statementOutdated`.
    public struct StatementCache: Hashable, Sendable {
        /// The most statements; those that were not used for longest go first. 256 by default, 0 keeps none.
        public var countMax: Int
        /// The most bytes that the statements' texts and what is known of them take here, their columns above all: some
        /// 200 bytes each. A statement that needs more by itself is not kept. The server needs several times as much.
        /// 4 MiB by default.
        public var bytesMax: Int

        /// Creates bounds.
        public init(countMax: Int = 256, bytesMax: Int = 4 << 20) {
            self.countMax = countMax
            self.bytesMax = bytesMax
        }

        /// Keeps nothing: every query is parsed anew.
        public static let off = StatementCache(countMax: 0)
    }
}
