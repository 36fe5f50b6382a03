import PostgresStreaming
import PostgresTestSupport
import PostgresTesting

extension ObservedRun {
    /// Lends connections, checks them, and has calls wait in vain.
    func pool() async throws {
        let url = try await LiveServer.postgres15.server.url
        let client = PostgresClient(
            try observed(url),
            pool: PostgresPoolConfiguration {
                $0.connectionsMax = 1
                $0.waitersMax = 1
                $0.checkIdleTime = .zero
            })
        for _ in 1...2 {
            try await client.execute("SELECT 1")
            consume(1)
            while client.statistics.idle == 0 { await Task.yield() }
        }
        try await client.withConnection { _ in
            let waiting = Task { try await client.withConnection { _ in } }
            while client.statistics.waiting == 0 { await Task.yield() }
            probe()
            do {
                try await Task { try await client.withConnection { _ in } }.value
            } catch {
                guard (error as? PostgresError)?.code == .poolQueueFull else { throw error }
                probe()
            }
            waiting.cancel()
            _ = try? await waiting.value
        }
        await client.close()
        probe()
    }
}
