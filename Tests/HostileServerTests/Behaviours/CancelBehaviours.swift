import PostgresStreaming
import PostgresTestSupport

/// A long result is left after its first row, and the server makes what it likes of the request to cancel it.
enum CancelBehaviours {
    private static let none = Hostile.none
    /// Far more than is read to its end, and so often that no request goes under.
    private static let rows = BackendBytes.repeated(none.rows(2...2).bytes, count: 2_000)
    private static let endless: [Step] = [.send(none.rows(1...1).bytes), .flood(rows)]

    static let all: [Behaviour] = [
        left("is read and not obeyed", [.expectBytes(16), .close]),
        left("is refused with FIN", [.close]), left("is refused with RST", [.reset]),
        left("is not answered", [.never]),
        left("is answered with a byte", [.expectBytes(16), .send([UInt8(ascii: "N")]), .never]),
        left("is answered with an error", [.expectBytes(16), .send(Hostile.farewell.bytes), .close]),
        left("is answered with bytes without end", [.expectBytes(16), .flood([UInt8](repeating: 0, count: 8192))]),
        left("is taken as a session", [.expectBytes(16), .sendUntilClosed(BackendBytes.welcome), .never]),
        stopped("is followed by silence", []),
        stopped("is followed by half a row", [.send([UInt8(ascii: "D"), 0, 0, 0, 18, 0, 1])]),
        stopped("is followed by FIN", [.close]), stopped("is followed by RST", [.reset]),
        stopped("is followed by a message that no server sends", [.sendUntilClosed(none.message("!").bytes)]),
        stopped("is followed by a farewell", [.send(Hostile.farewell.bytes), .close]),
    ]

    /// The rows go on whatever is asked.
    private static func left(_ name: String, _ cancel: [Step]) -> Behaviour {
        Behaviour.inAnswer(
            "a request \(name)", .cancelling, .described, endless, .fails([.connectionLost]), verbs: [.leave]
        )
        .with {
            $0.further = cancel
            $0.limit = .cleanUp
        }
    }

    /// A first row, and then nothing that ends it.
    private static func stopped(_ name: String, _ steps: [Step]) -> Behaviour {
        Behaviour.inAnswer(
            "a request \(name)", .cancelling, .described, [.send(none.rows(1...1).bytes)] + steps,
            .fails([.connectionLost]), verbs: [.leave]
        ).with {
            $0.further = [.expectBytes(16), .close]
            $0.limit = .cleanUp
        }
    }
}
