extension PostgresClient {
    /// Listens to channels, on the connection that all listeners of the client share; see `PostgresListener`.
    ///
    /// The first listener opens it at once, with the client's hosts, TLS and passwords, to a primary where there are several,
    /// and with the pool's pauses between attempts; the last one closes it. The connection is no part of the pool.
    ///
    /// - Parameters:
    ///   - channels: the names of the channels, with their case; 63 bytes each at most.
    ///   - options: how to wait, and how much is kept for a slow consumer.
    /// - Throws: `queryInvalid` for what is no name of a channel; `unsupported` with a transaction pooler;
    ///   `configurationInvalid`; `poolClosed`.
    public func listen(
        to channels: String..., options: PostgresListenerOptions = PostgresListenerOptions()
    ) throws(PostgresError) -> PostgresListener {
        try listen(to: channels, options: options)
    }

    /// Listens to channels; see `listen(to:options:)` with single names.
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
        return try listening.listen(to: ChannelName.all(channels), options)
    }
}
