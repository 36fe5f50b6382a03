import PostgresTransport

extension EventLoop {
    /// The loop of all connections, which starts on first use.
    ///
    /// - Throws: `connectFailed`, where the system has no thread or descriptor for it.
    static func started() throws(PostgresError) -> EventLoop {
        do throws(TransportError) {
            return try shared()
        } catch {
            let reason = PostgresError(connecting: error, while: .opening)
            throw PostgresError(reason, message: "could not start the event loop: \(reason.message)")
        }
    }
}
