import PostgresStreaming

extension Verb {
    /// What notifies, and what listens.
    static let listening: [Verb] = [
        Verb(
            "notify", ["PostgresQuerying.notify(_:payload:)"],
            .connection { connection, number in
                try await connection.execute("LISTEN verb")
                try await connection.notify("verb", payload: "\(number)")
                try expect(connection.takeNotifications().map(\.payload), ["\(number)"])
            }),
        Verb(
            "listen",
            [
                "PostgresListener.AsyncIterator.next()", "PostgresListener.AsyncIterator.next(isolation:)",
                "PostgresListener.close()",
            ],
            .client { client, number in
                let options = PostgresListenerOptions { $0.silenceMax = .seconds(1) }
                let listener = try client.listen(to: "verb \(number)", options: options)
                var elements = listener.makeAsyncIterator()
                guard case .listening(let channels)? = try await elements.next() else {
                    throw WrongResult(description: "it does not listen")
                }
                try expect(channels, ["verb \(number)"])
                try await client.notify("verb \(number)", payload: "here")
                // A connection that is lost in between leaves a gap.
                switch try await elements.next(isolation: nil) {
                case .notification(let notification)?: try expect(notification.payload, "here")
                case .gap?: break
                default: throw WrongResult(description: "there is no notification and no gap")
                }
                await listener.close()
            }),
    ]
}
