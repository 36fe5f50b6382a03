import PostgresTransport

/// The notifications of some channels, as they arrive: on a connection that all listeners of a client share, apart from its
/// pool, and that is opened again when it is lost.
///
/// ```swift
/// for try await element in try client.listen(to: "orders") {
///     switch element {
///     case .listening, .gap: print("load the orders")
///     case .notification(let notification): print(notification.payload)
///     }
/// }
/// ```
///
/// A consumer that loads its state on the first `listening` and on every `gap` misses nothing: both are delivered when the
/// server listens, so every later notification follows.
///
/// The listener ends when it or its client is closed, when a task that waits for it is cancelled, and with the last reference
/// to it; the connection ends with its last listener. One task at a time may wait for its elements; a further iteration goes on where the last one ended.
public final class PostgresListener: AsyncSequence, Sendable {
    /// What a listener delivers.
    public enum Element: Sendable {
        /// The server listens to these channels for this session; all of them, in the order in which they were asked for.
        case listening([String])
        /// A notification.
        case notification(PostgresNotification)
        /// Notifications may be missing here. Everything that was notified before `since` was delivered, or stood before an
        /// earlier gap.
        case gap(GapReason, since: PostgresTimestampTZ)
    }

    /// Why notifications may be missing.
    public enum GapReason: Sendable {
        /// The connection was lost; the server listens again.
        case connectionLost(PostgresError)
        /// The consumer was too slow: so many were dropped.
        case overflow(Int)
        /// The session is another one than that which listened, or it does not listen any more: something between client and
        /// server changed it. The sequence ends with an error.
        case sessionChanged
    }

    /// Every error is a `PostgresError`.
    public typealias Failure = PostgresError

    let connection: ListenerConnection
    let id: ListenerGroup.ID
    /// Where its consumer waits.
    let cell: ReadinessCell

    init(_ connection: ListenerConnection, _ id: ListenerGroup.ID, _ cell: ReadinessCell) {
        self.connection = connection
        self.id = id
        self.cell = cell
    }

    deinit { connection.remove(id) }

    /// Listens to more channels, from the next `listening` element on.
    ///
    /// - Throws: `queryInvalid` for what is no name of a channel, or more than 1,000 channels.
    public func listen(to channels: String...) throws(PostgresError) {
        try connection.change(id, adding: ChannelName.all(channels))
    }

    /// Listens to these channels no more, from the next `listening` element on.
    ///
    /// - Throws: `queryInvalid` for what is no name of a channel.
    public func unlisten(from channels: String...) throws(PostgresError) {
        try connection.change(id, removing: ChannelName.all(channels))
    }

    /// Ends the sequence. With the last listener of the client it closes the connection, and waits until that is done, for
    /// the pool's `shutdownTimeout` at most.
    public nonisolated(nonsending) func close() async {
        connection.stop(id)
        _ = await connection.waitForEnd(within: connection.pool.shutdownTimeout)
    }

    /// Begins, or goes on, where the last iteration ended.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(listener: self) }

    /// Steps from element to element.
    public struct AsyncIterator: AsyncIteratorProtocol {
        let listener: PostgresListener

        /// Waits for the next element; nil once the listener was closed.
        ///
        /// - Throws: what ended the listener; `cancelled`, after which it is closed.
        public mutating func next() async throws(PostgresError) -> Element? {
            try await next(isolation: #isolation)
        }

        /// Waits for the next element; nil once the listener was closed.
        ///
        /// - Throws: what ended the listener; `cancelled`, after which it is closed.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(PostgresError) -> Element? {
            try await listener.connection.next(of: listener.id, in: listener.cell)
        }
    }
}
