extension PostgresClient {
    /// Listens to channels on a connection of its own; see `PostgresListener`.
    ///
    /// It begins to connect at once and goes on until the listener ends: with the client's hosts, TLS and passwords, to a
    /// primary where there are several, and with the pool's pauses between attempts. The connection is no part of the pool.
    ///
    /// - Parameters:
    ///   - channels: the names of the channels, with their case; 63 bytes each at most.
    ///   - options: how to wait, and how much is kept for a slow consumer.
    /// - Throws: `queryInvalid` for what is no name of a channel; `unsupported` with a transaction pooler;
    ///   `configurationInvalid`.
    public func listen(
        to channels: String..., options: PostgresListenerOptions = PostgresListenerOptions()
    ) throws(PostgresError) -> PostgresListener {
        try listen(to: channels, options: options)
    }

    /// Listens to channels on a connection of its own; see `listen(to:options:)` with single names.
    ///
    /// - Throws: the same.
    public func listen(
        to channels: [String], options: PostgresListenerOptions = PostgresListenerOptions()
    ) throws(PostgresError) -> PostgresListener {
        guard pool.configuration.pooler != .transaction else {
            throw PostgresError(
                .unsupported, "cannot listen through a transaction pooler",
                hint:
                    "Its sessions change with every transaction, and what listens has to keep one. Use a configuration that leads to the server itself."
            )
        }
        if let problem = options.misconfiguration ?? pool.misconfiguration { throw problem }
        let names = try ChannelName.all(channels)
        var configuration = pool.configuration
        // Standbys deliver no notifications and refuse LISTEN.
        if configuration.targetSession != .readWrite { configuration.targetSession = .primary }
        let core = try ListenerCore(configuration, pool.settings, pool.hosts.memory, options)
        try core.change(adding: names)
        core.start()
        return PostgresListener(core)
    }
}
