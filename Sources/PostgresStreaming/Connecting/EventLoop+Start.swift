import PostgresTransport

extension EventLoop {
    /// The loop for a connection that is to be opened; see `EventLoops.forConnection`.
    ///
    /// - Throws: `connectFailed`, where the system has no thread or descriptor for it.
    static func forConnection(on number: Int? = nil) throws(PostgresError) -> EventLoop {
        try started { () throws(TransportError) in try EventLoops.forConnection(on: number) }
    }

    /// The loop of the caller, or the first: for what belongs to no connection.
    ///
    /// - Throws: as `forConnection`.
    static func forWaiting() throws(PostgresError) -> EventLoop {
        if let current = EventLoops.current { return current }
        return try started { () throws(TransportError) in try EventLoops.first() }
    }

    private static func started(
        _ loop: () throws(TransportError) -> EventLoop
    ) throws(PostgresError) -> EventLoop {
        do throws(TransportError) {
            return try loop()
        } catch {
            let reason = PostgresError(connecting: error, while: .opening)
            throw PostgresError(reason, message: "could not start the event loop: \(reason.message)")
        }
    }
}
