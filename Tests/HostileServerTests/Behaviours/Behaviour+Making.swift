import PostgresStreaming
import PostgresTestSupport

extension Behaviour {
    /// In the answer to a query of an honest server.
    static func inAnswer(
        _ name: String, _ state: ProtocolState, _ point: HonestBackend.Point, _ steps: [Step],
        then continuation: HonestBackend.Continuation = .silence, _ expected: Expectation,
        verbs: [Verb] = Verb.querying
    ) -> Behaviour {
        let hook = HonestBackend.Hook(point: point, steps: steps, continuation: continuation)
        return Behaviour(
            name: name, state: state, script: { HonestBackend.script(hook) }, verbs: verbs, expected: expected)
    }

    /// Bytes in the answer to a query of an honest server.
    static func bytes(
        _ name: String, _ state: ProtocolState, _ point: HonestBackend.Point, _ bytes: BackendBytes,
        then continuation: HonestBackend.Continuation = .silence, _ expected: Expectation = .violation,
        verbs: [Verb] = Verb.querying
    ) -> Behaviour {
        inAnswer(name, state, point, [.sendUntilClosed(bytes.bytes)], then: continuation, expected, verbs: verbs)
    }

    /// From the beginning of a connection.
    static func connecting(
        _ name: String, _ state: ProtocolState, _ expected: Expectation, verbs: [Verb] = [.connect],
        _ script: @escaping @Sendable () throws -> [Step]
    ) -> Behaviour {
        Behaviour(name: name, state: state, script: script, verbs: verbs, expected: expected)
    }

    /// In answer to another statement of an honest server.
    static func answering(
        _ words: String, _ name: String, _ state: ProtocolState, _ point: HonestBackend.Point, _ steps: [Step],
        then continuation: HonestBackend.Continuation = .silence, _ expected: Expectation, verbs: [Verb]
    ) -> Behaviour {
        let hook = HonestBackend.Hook(
            target: .running(words), point: point, steps: steps, continuation: continuation)
        return Behaviour(
            name: name, state: state, script: { HonestBackend.script(hook) }, verbs: verbs, expected: expected)
    }

    /// The same with one thing changed.
    func with(_ change: (inout Behaviour) -> Void) -> Behaviour {
        var copy = self
        change(&copy)
        return copy
    }

    /// The same for a call that has to be ended by one of its time limits.
    func ended(by limit: Limit) -> Behaviour { with { $0.limit = limit } }

    /// The same for a query whose time is over; the request to cancel it is taken and not obeyed.
    var stalled: Behaviour {
        ended(by: .query).with { $0.further = [.expectBytes(16), .close] }
    }

    /// The same with another configuration of the client.
    func configured(_ change: @escaping @Sendable (inout PostgresConfiguration) throws -> Void) -> Behaviour {
        with { $0.configure = change }
    }
}

/// Bytes that many behaviours are made of.
enum Hostile {
    static let none = BackendBytes()
    static let int16 = BackendBytes.int16
    static let int32 = BackendBytes.int32
    static let int64 = BackendBytes.int64
    static let string = BackendBytes.string

    /// A column that fits the honest rows.
    static let column = BackendBytes.column("n", typeOID: 20, size: 8)

    /// An error that leaves the session as it is.
    static let error = BackendBytes().error("ERROR", "22012", "division by zero")

    /// What a server says that is shut down.
    static let farewell = BackendBytes().error("FATAL", "57P01", "terminating connection")

    /// A message of `type` that says it is longer than it is.
    static func announced(_ type: Character, length: Int32, _ body: [UInt8] = []) -> BackendBytes {
        BackendBytes().message(type, length: length, body)
    }
}
