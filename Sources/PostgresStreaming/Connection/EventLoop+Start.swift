import PostgresTransport

extension EventLoop {
    /// The loop of all connections, which starts on first use.
    ///
    /// - Throws: `connectFailed`, where the system has no thread or descriptor for it.
    static func started() throws(PostgresError) -> EventLoop {
        do throws(TransportError) {
            return try shared()
        } catch {
            throw PostgresError(connecting: error, to: "the event loop", while: .opening)
        }
    }
}
