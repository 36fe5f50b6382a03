import PostgresTransport

/// The listeners of a client: they share one connection, which is there while one of them is.
final class ListenerHub: Sendable {
    private struct State {
        /// The connection that was made last; it may be over.
        var current: ListenerConnection?
        var isClosed = false
    }

    private let configuration: PostgresConfiguration
    private let pool: PostgresPoolConfiguration
    private let hosts: HostBalance
    private let state = Locked(State())

    init(_ configuration: PostgresConfiguration, _ pool: PostgresPoolConfiguration, _ hosts: HostMemory) {
        var configuration = configuration
        // Standbys deliver no notifications and refuse LISTEN.
        if configuration.targetSession != .readWrite { configuration.targetSession = .primary }
        self.configuration = configuration
        self.pool = pool
        self.hosts = HostBalance(hosts)
    }

    /// Adds a listener to the connection, which is opened if there is none.
    func listen(
        to channels: [ChannelName], _ options: PostgresListenerOptions
    ) throws(PostgresError) -> PostgresListener {
        try state.withLock { state throws(PostgresError) in
            guard !state.isClosed else { throw .poolClosed }
            if let listener = try state.current?.join(options, channels) { return listener }
            let connection = try ListenerConnection(configuration, pool, hosts)
            guard let listener = try connection.join(options, channels) else { throw .poolClosed }
            connection.start(after: state.current)
            state.current = connection
            return listener
        }
    }

    /// The listeners that are not over, and the connections that they have: one, or none.
    var counts: (listeners: Int, connections: Int) { state.withLock(\.current)?.counts ?? (0, 0) }

    /// Ends the listeners with `poolClosed`, as every further `listen`.
    func shutDown() {
        let connection = state.withLock { state in
            state.isClosed = true
            return state.current
        }
        connection?.fail(.poolClosed)
    }

    /// Shuts down, and waits for the end of the connection.
    ///
    /// - Returns: whether it ended in time.
    nonisolated(nonsending) func close(within limit: Duration) async -> Bool {
        shutDown()
        return await state.withLock(\.current)?.waitForEnd(within: limit) ?? true
    }
}
