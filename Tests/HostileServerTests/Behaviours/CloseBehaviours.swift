import PostgresStreaming
import PostgresTestSupport

/// FIN and RST in each state. That a connection ends never looks like the end of an answer.
enum CloseBehaviours {
    private typealias Script = AuthenticationScript

    static let all = connecting + answering + closing

    private static let ends: [(String, Step)] = [("FIN", .close), ("RST", .reset)]

    private static let connecting: [Behaviour] = ends.flatMap { name, end in
        [
            opening("\(name) at once, without TLS", .accepted) { [end] },
            opening(name, .started) { [.expectStartup, end] },
            opening("\(name) in an offer of SCRAM", .started) {
                [.expectStartup, .send([UInt8(ascii: "R"), 0, 0, 0, 23, 0, 0, 0, 10, 83]), end]
            },
            opening(name, .saslOffered) { [.expectStartup, Script.offer, .expect("p"), end] },
            opening(name, .saslProven) { try Script.scram().dropLast() + [end] },
            opening(name, .saslVerified) { try Script.scram() + [end] },
            opening(name, .passwordSent) { [.expectStartup, Script.ask(5, [1, 2, 3, 4]), .expect("p"), end] }
                .configured { $0.allowedAuthentication = [.md5] },
            opening(name, .accepting) { [.expectStartup, .send(BackendBytes().authentication(0).bytes), end] },
            opening("\(name) in ReadyForQuery", .accepting) {
                [.expectStartup, .send(BackendBytes.welcome.dropLast()), end]
            },
        ]
    }

    private static func opening(
        _ name: String, _ state: ProtocolState, _ script: @escaping @Sendable () throws -> [Step]
    ) -> Behaviour {
        .connecting(name, state, .fails([.connectFailed]), script)
    }

    private static let answering: [Behaviour] = ends.flatMap { name, end in
        [
            broken(name, .asked, .asked, [end]), broken(name, .parsed, .parsed, [end]),
            broken(name, .bound, .bound, [end]), broken(name, .described, .described, [end]),
            broken(name, .rows, .inRows, [end]), broken(name, .completed, .completed, [end]),
            broken("\(name) in a row", .rows, .inRows, [.send([UInt8(ascii: "D"), 0, 0, 0, 18, 0, 1, 0]), end]),
            broken("\(name) in a header", .rows, .inRows, [.send([UInt8(ascii: "D"), 0, 0]), end]),
            broken("\(name) in CommandComplete", .rows, .inRows, [.send([UInt8(ascii: "C"), 0, 0, 0, 13, 83]), end]),
            broken("\(name) in ReadyForQuery", .completed, .completed, [.send([UInt8(ascii: "Z"), 0, 0, 0, 5]), end]),
            broken("\(name) after an error", .failed, .inRows, [.send(Hostile.error.bytes), end]),
        ]
    }

    private static func broken(
        _ name: String, _ state: ProtocolState, _ point: HonestBackend.Point, _ steps: [Step]
    ) -> Behaviour {
        .inAnswer(name, state, point, steps, .lost)
    }

    /// The session ends on this side, which never fails.
    private static let closing: [Behaviour] = [
        ended("reads nothing more", [.never]), ended("has closed already", [.close]),
        ended("has reset already", [.reset]),
        ended("sends without end", [.flood(BackendBytes.repeated(BackendBytes().notice("busy").bytes, count: 500))]),
        ended("sends what no server sends", [.sendUntilClosed(BackendBytes().message("!").bytes), .expectAnyEnd]),
        Behaviour.connecting("FIN between queries", .idle, .rowsThen([.connectionLost]), verbs: [.rows, .prepared]) {
            HonestBackend.script(HonestBackend.Hook(point: .ready, steps: [.close], continuation: .silence))
        },
        Behaviour.connecting("RST between queries", .idle, .rowsThen([.connectionLost]), verbs: [.rows, .prepared]) {
            HonestBackend.script(HonestBackend.Hook(point: .ready, steps: [.reset], continuation: .silence))
        },
    ]

    private static func ended(_ name: String, _ steps: [Step]) -> Behaviour {
        .inAnswer("a server that \(name)", .closing, .ready, steps, .honest, verbs: [.close])
    }
}
