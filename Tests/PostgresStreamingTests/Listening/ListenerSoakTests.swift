import Glibc
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Eight sessions notify without pause while backend, link or server are killed: what is missing lies at a gap.
@Suite(.timeLimit(.minutes(120))) struct ListenerSoakTests {
    private static let notifierCount = 8
    /// One round in so many ends the whole server.
    private static let roundsPerRestart = 12

    private var rounds: Int {
        let text = unsafe getenv("LISTEN_ROUNDS").map { unsafe String(cString: $0) }
        return text.flatMap { Int($0) } ?? 25
    }

    @Test func `every missing number lies at a gap, and none comes twice`() async throws {
        let server = try await LiveServer.postgres18.startAnother()
        try await FaultProxy.run(to: UInt16(server.port)) { proxy in
            let url = "postgres://\(server.user):\(server.password)@127.0.0.1:\(proxy.port)/postgres?sslmode=disable"
            let settings = PostgresPoolConfiguration {
                $0.backoffMin = .milliseconds(1)
                $0.backoffMax = .milliseconds(20)
            }
            let client = try PostgresClient(url, pool: settings)
            let isDone = Gate()
            let channels = (0..<Self.notifierCount).map { "numbers \($0)" }
            let sent = try await withThrowingTaskGroup(of: Int.self) { group async throws in
                for channel in channels {
                    group.addTask { await notify(channel, server.url, settings, until: isDone) }
                }
                defer { isDone.open() }
                try await listen(client, to: channels, server, proxy)
                isDone.open()
                return try await group.reduce(into: 0) { $0 += $1 }
            }
            print("↳ \(rounds) rounds, \(sent) notifications")
            await client.close()
            #expect(await proxy.waitUntilUnused(secondsMax: 5))
        }
        await server.stop()
    }

    /// Sends numbers, each once; returns how many. What becomes of one when its session ends is not known.
    private func notify(
        _ channel: String, _ url: String, _ settings: PostgresPoolConfiguration, until isDone: Gate
    ) async -> Int {
        guard let client = try? PostgresClient(url, pool: settings) else { return 0 }
        var number = 0
        while !isDone.isOpen, !Task.isCancelled {
            try? await client.withConnection { connection in
                while !isDone.isOpen {
                    number += 1
                    try await connection.notify(channel, payload: "\(number)")
                }
            }
        }
        await client.close()
        return number
    }

    private func listen(
        _ client: PostgresClient, to channels: [String], _ server: PostgresServer, _ proxy: FaultProxy
    ) async throws {
        // Two listeners share the connection; one of them is slow.
        let slow = try client.listen(to: channels, options: PostgresListenerOptions { $0.bufferCountMax = 100 })
        let listener = try client.listen(to: channels)
        var records = (Records(channels), Records(channels))
        var (elements, slowElements) = (listener.makeAsyncIterator(), slow.makeAsyncIterator())
        for round in 1...rounds {
            let goal = records.0.count + 20 + round % 50
            while records.0.count < goal { records.0.add(try #require(try await elements.next())) }
            let listeningCount = records.0.listeningCount
            switch round {
            case _ where round % Self.roundsPerRestart == 0: try await server.restart(.immediate)
            case _ where round % 3 == 0: proxy.reset()
            case _ where round % 3 == 1: proxy.cut()
            default: try await kill(server)
            }
            while records.0.listeningCount == listeningCount { records.0.add(try #require(try await elements.next())) }
            for _ in 1...10 { records.1.add(try #require(try await slowElements.next())) }
        }
        #expect(records.0.problems == [] && records.1.problems == [])
        #expect(records.0.gapCount >= rounds)
    }

    /// Ends the session that listens.
    private func kill(_ server: PostgresServer) async throws {
        try await PostgresConnection.withConnection(server.url) { connection async throws in
            try await connection.execute(
                """
                SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE pid <> pg_backend_pid()
                    AND (query LIKE 'LISTEN%' OR query LIKE '%pg_backend_pid()%')
                """)
        }
    }

    /// What a listener delivered of each channel.
    private struct Records {
        var byChannel: [String: NumberRecord]
        private(set) var count = 0
        private(set) var listeningCount = 0
        private(set) var gapCount = 0

        init(_ channels: [String]) {
            byChannel = Dictionary(uniqueKeysWithValues: channels.map { ($0, NumberRecord()) })
        }

        var problems: [String] { byChannel.values.flatMap(\.problems) }

        mutating func add(_ element: PostgresListener.Element) {
            switch element {
            case .notification(let notification):
                count += 1
                byChannel[notification.channel]?.add(element)
            case .listening, .gap:
                if case .gap = element { gapCount += 1 } else { listeningCount += 1 }
                for channel in byChannel.keys { byChannel[channel]?.add(element) }
            }
        }
    }
}
