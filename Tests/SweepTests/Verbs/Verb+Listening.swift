import PostgresStreaming

extension Verb {
    /// What notifies.
    static let listening: [Verb] = [
        Verb(
            "notify", ["PostgresQuerying.notify(_:payload:)"],
            .connection { connection, number in
                try await connection.execute("LISTEN \(identifier: "verb \(number)")")
                try await connection.notify("verb \(number)", payload: "\(number)")
                try expect(connection.takeNotifications().map(\.payload), ["\(number)"])
            })
    ]
}
