import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import PostgresTransport
import Testing

/// What a pool waits for besides connections: hooks that do not end, and servers that do not answer.
@Suite(.timeLimit(.minutes(2))) struct PoolTimeTests {
    enum Hook: CaseIterable { case configure, beforeLease, onRelease }

    private static let short = Duration.milliseconds(100)

    @Test(arguments: Hook.allCases)
    func `a hook that heeds no cancellation is left to itself, and its place is free again`(_ hook: Hook) async throws {
        let (released, isFirst) = (Gate(), Locked(true))
        let stubborn: @Sendable () async -> Void = {
            let hangs = isFirst.withLock { isFirst in
                defer { isFirst = false }
                return isFirst
            }
            if hangs { await Task.detached { await released.wait() }.value }
        }
        var configuration = try PostgresConfiguration(connectionString: try await LiveServer.postgres15.server.url)
        configuration.cleanUpTimeout = Self.short
        if hook == .configure { configuration.connectTimeout = .milliseconds(500) }
        let client = PostgresClient(
            configuration,
            pool: PostgresPoolConfiguration {
                $0.connectionsMax = 1
                if hook == .onRelease { $0.checkTimeout = Self.short }
                switch hook {
                case .configure: $0.hooks.configure = { _ in await stubborn() }
                case .beforeLease:
                    $0.hooks.beforeLease = { _ in
                        await stubborn()
                        return true
                    }
                case .onRelease:
                    $0.hooks.onRelease = { _ in
                        await stubborn()
                        return true
                    }
                }
            })
        if hook == .beforeLease {
            // The connection is there when the short time begins, however long opening it takes.
            isFirst.withLock { $0 = false }
            try await client.execute("SELECT 1")
            isFirst.withLock { $0 = true }
        }
        let start = ContinuousClock.now
        if hook == .beforeLease {
            let error = await failure {
                try await client.withConnection(label: nil, timeout: Self.short) { try await $0.execute("SELECT 1") }
            }
            #expect(error?.code == .poolTimedOut)
        }
        for _ in 1...2 { try await client.execute("SELECT 1") }
        #expect(start.duration(to: .now) < .seconds(8))
        #expect(client.statistics.total == 1)
        released.open()
        await client.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `connections that do not answer cost a call no more than it waits for one`(_ live: LiveServer) async throws {
        let server = try await live.startAnother()
        let client = PostgresClient(
            try PostgresConfiguration(connectionString: server.url),
            pool: PostgresPoolConfiguration {
                $0.connectionsMax = 6
                $0.checkIdleTime = .zero
                $0.leaseTimeout = .seconds(1)
            })
        let connected = Gate()
        try await withThrowingTaskGroup { group in
            let count = Locked(0)
            for _ in 1...6 {
                group.addTask {
                    try await client.withConnection { connection in
                        try await connection.execute("SELECT 1")
                        let isLast = count.withLock { count in
                            count += 1
                            return count == 6
                        }
                        if isLast { connected.open() }
                        await connected.wait()
                    }
                }
            }
            try await group.waitForAll()
        }
        while client.statistics.idle < 6 { await Task.yield() }
        await server.suspend()
        let start = ContinuousClock.now
        let error = await failure { try await client.execute("SELECT 1") }
        #expect(error?.code == .poolTimedOut && error?.isRetrySafe == true)
        #expect(start.duration(to: .now) < .seconds(4), "six checks of two seconds each take twelve")
        await server.resume()
        await client.close()
        await server.stop()
    }
}
