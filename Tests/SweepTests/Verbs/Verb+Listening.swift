import PostgresStreaming
import PostgresTestSupport

extension Verb {
    /// What notifies.
    static let listening: [Verb] = [
        Verb(
            "notify", ["PostgresQuerying.notify(_:payload:)"],
            .connection { connection, number in
                try await connection.execute("LISTEN \(identifier: "verb \(number)")")
                try await connection.notify("verb \(number)", payload: "\(number)")
                try expect(connection.takeNotifications().map(\.payload), ["\(number)"])
            }),
        Verb(
            "listen",
            [
                "PostgresListener.AsyncIterator.next()", "PostgresListener.AsyncIterator.next(isolation:)",
                "PostgresListener.close()", "DecodedNotifications.AsyncIterator.next()",
                "DecodedNotifications.AsyncIterator.next(isolation:)",
            ],
            .client { client, number in
                let options = PostgresListenerOptions {
                    $0.startTimeout = .seconds(3)
                    $0.silenceMax = .milliseconds(500)
                }
                let listener = try client.listen(to: "verb \(number)", options: options)
                // Once it has listened it goes on for as long as a fault lasts.
                let isDone = Gate()
                let limit = Task { if await !isDone.wait(secondsMax: 4) { await listener.close() } }
                do {
                    try await hear(listener, client, number)
                } catch {
                    isDone.open()
                    await limit.value
                    await listener.close()
                    throw error
                }
                isDone.open()
                await limit.value
                await listener.close()
            }),
    ]

    /// Has a listener hear a number, or learn that it may have missed it.
    private static func hear(_ listener: PostgresListener, _ client: PostgresClient, _ number: Int64) async throws {
        var elements = listener.decoded(as: Int64.self).makeAsyncIterator()
        guard case .listening(let channels)? = try await elements.next() else {
            throw WrongResult(description: "it begins with something else than that it listens")
        }
        try expect(channels, ["verb \(number)"])
        try await client.notify("verb \(number)", payload: "\(number)")
        switch try await elements.next() {
        case .notification(_, let result)?: try expect(try result.get(), number)
        case .gap?: break
        case .listening?: throw WrongResult(description: "it listens twice without a gap")
        case nil: throw PostgresError(.connectionLost, "the listener was closed before it heard anything")
        }
    }
}
