import PostgresStreaming
import PostgresTestSupport

/// What a pool meets when it resets a connection, or looks at one that was idle: its next lease gets one that works.
enum PoolBehaviours {
    private static let none = Hostile.none

    static let all: [Behaviour] = [
        reset("an error", .inRows, [.send(Hostile.error.ready().bytes)], then: .nextFlight),
        reset("FIN", .asked, [.close]), reset("RST", .asked, [.reset]), reset("FIN in the middle", .inRows, [.close]),
        reset("FIN before ReadyForQuery", .completed, [.close]),
        reset("silence", .asked, [.never]), reset("silence in the middle", .inRows, [.never]),
        reset("rows", .inRows, [.sendUntilClosed(none.rows(7...8).bytes)]),
        reset("ReadyForQuery alone", .asked, [.sendUntilClosed(none.ready().bytes)]),
        reset("a message that no server sends", .asked, [.sendUntilClosed(none.message("!").bytes)]),
        reset("the answer to a query", .asked, [.sendUntilClosed(BackendBytes.answer(7...8))]),
        reset("a farewell", .asked, [.send(Hostile.farewell.bytes), .close]),
        reset("an open transaction", .ready, [.send(none.ready("T").bytes)], then: .honesty),
        reset("the answer twice", .ready, [.send(none.message("2").complete("RESET").ready().bytes)], then: .honesty),
        reset("rows afterwards", .ready, [.send(none.rows(7...8).bytes)], then: .honesty),
        reset("a whole answer afterwards", .ready, [.send(BackendBytes.answer(7...8))], then: .honesty),
        late("half a message afterwards", [.send([UInt8(ascii: "D"), 0, 0])]), late("FIN afterwards", [.close]),
        reset("notices without end", .asked, [.flood(BackendBytes.repeated(none.notice("busy").bytes, count: 500))]),
        left("FIN", [.close]), left("RST", [.reset]), left("a farewell", [.send(Hostile.farewell.bytes), .close]),
        left("a whole answer", [.send(BackendBytes.answer(7...8))]),
        left("a message that no server sends", [.send(none.message("!").bytes)]),
    ]

    private static func reset(
        _ name: String, _ point: HonestBackend.Point, _ steps: [Step],
        then continuation: HonestBackend.Continuation = .silence
    ) -> Behaviour {
        .answering("RESET ALL", name, .resetting, point, steps, then: continuation, .honest, verbs: [.pooled])
    }

    /// What nothing can know before the connection is used again.
    private static func late(_ name: String, _ steps: [Step]) -> Behaviour {
        reset(name, .ready, steps).with {
            $0.expected = .rowsThen([.connectionLost, .queryTimedOut])
            $0.configure = { $0.queryTimeout = Behaviour.Limit.short }
        }
    }

    /// With the answer to the query itself, before anything of the reset.
    private static func left(_ name: String, _ steps: [Step]) -> Behaviour {
        .inAnswer("\(name) with the answer", .resetting, .ready, steps, .honest, verbs: [.pooled])
    }
}
