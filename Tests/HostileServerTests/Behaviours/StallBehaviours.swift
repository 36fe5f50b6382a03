import PostgresStreaming
import PostgresTestSupport

/// Silence in each state, and bytes that come so slowly that it is the same.
enum StallBehaviours {
    private typealias Script = AuthenticationScript
    private static let none = Hostile.none
    private static let yes = UInt8(ascii: "S")
    private static let notice = BackendBytes().notice("still busy").bytes

    /// Where the server only waits.
    static let quiet = all.filter { !isBusy($0) }
    /// Where it sends as fast as it can.
    static let busy = all.filter(isBusy)

    private static let all = connecting + trickling + answering + others

    private static func isBusy(_ behaviour: Behaviour) -> Bool {
        behaviour.name.contains("without end") || behaviour.state == .sending
    }

    private static let connecting: [Behaviour] = [
        silent(.accepted, "no answer to SSLRequest") { [.expectBytes(8), .never] }.configured(
            EncryptionBehaviours.verify),
        silent(.handshake, "no ServerHello") { [.answerSSLRequest([yes]), .never] }.configured(
            EncryptionBehaviours.verify),
        silent(.handshake, "half a ServerHello") { [.answerSSLRequest([yes]), .beginHandshake, .never] }
            .configured(EncryptionBehaviours.verify),
        silent(.records, "a handshake and no more") { [.answerSSLRequest([yes]), .handshake, .never] }
            .configured(EncryptionBehaviours.verify),
        silent(.started, "silence") { [.expectStartup, .never] },
        silent(.started, "half a request") { [.expectStartup, .send([UInt8(ascii: "R"), 0, 0, 0, 23, 0]), .never] },
        silent(.saslOffered, "silence") { [.expectStartup, Script.offer, .expect("p"), .never] },
        silent(.saslProven, "silence") { try Script.scram().dropLast() + [.never] },
        silent(.saslVerified, "silence") { try Script.scram() + [.never] },
        silent(.passwordSent, "silence") { [.expectStartup, Script.ask(5, [1, 2, 3, 4]), .expect("p"), .never] }
            .configured { $0.allowedAuthentication = [.md5] },
        silent(.accepting, "silence") { [.expectStartup, .send(BackendBytes().authentication(0).bytes), .never] },
        silent(.accepting, "half of ReadyForQuery") {
            [.expectStartup, .send(BackendBytes.welcome.dropLast(2)), .never]
        },
    ]

    private static func silent(
        _ state: ProtocolState, _ name: String, _ script: @escaping @Sendable () throws -> [Step]
    ) -> Behaviour {
        Behaviour.connecting(name, state, .fails([.connectTimedOut]), script).ended(by: .connecting)
    }

    private static let trickling: [Behaviour] = [
        silent(.started, "a notice, byte after byte") { [.expectStartup, .trickle(notice)] },
        silent(.started, "notices without end") {
            [.expectStartup, .flood(BackendBytes.repeated(notice, count: 200))]
        },
        silent(.saslOffered, "a challenge, byte after byte") {
            [
                .expectStartup, Script.offer, .expect("p"),
                .trickle(BackendBytes().authentication(11, Array("r=ab".utf8)).bytes),
            ]
        },
        silent(.saslVerified, "notices without end") {
            try Script.scram() + [.flood(BackendBytes.repeated(notice, count: 200))]
        },
        silent(.accepting, "a parameter, byte after byte") {
            [
                .expectStartup, .send(BackendBytes().authentication(0).bytes),
                .trickle(BackendBytes().parameter("TimeZone", "UTC").bytes),
            ]
        },
        silent(.accepting, "one parameter without end") {
            [
                .expectStartup, .send(BackendBytes().authentication(0).bytes),
                .flood(BackendBytes.repeated(BackendBytes().parameter("TimeZone", "UTC").bytes, count: 200)),
            ]
        },
        silent(.handshake, "a record, byte after byte") {
            [.answerSSLRequest([yes]), .expectBytes(5), .send([22, 3, 3, 0x3F, 0xFF]), .trickle([0])]
        }.configured(EncryptionBehaviours.verify),
    ]

    private static let answering: [Behaviour] = [
        stalled(.asked, .asked, "silence"), stalled(.parsed, .parsed, "silence"), stalled(.bound, .bound, "silence"),
        stalled(.described, .described, "silence"), stalled(.rows, .inRows, "silence"),
        stalled(.completed, .completed, "silence"),
        stalled(.failed, .inRows, "silence", [.send(Hostile.error.bytes)], [.queryTimedOut, .server]),
        stalled(.rows, .inRows, "a type and no more", [.send([UInt8(ascii: "D")])]),
        stalled(.rows, .inRows, "half a row", [.send([UInt8(ascii: "D"), 0, 0, 0, 18, 0, 1, 0])]),
        stalled(
            .rows, .inRows, "a long row that never ends",
            [.send(Hostile.announced("D", length: 1 << 20, [0, 1]).bytes)]),
        stalled(.completed, .completed, "half of ReadyForQuery", [.send([UInt8(ascii: "Z"), 0, 0])]),
        stalled(.asked, .asked, "a notice, byte after byte", [.trickle(notice)]),
        stalled(.rows, .inRows, "a notice, byte after byte", [.trickle(notice)]),
        stalled(.rows, .inRows, "rows, byte after byte", [.trickle(none.rows(2...2).bytes)])
            .with { $0.verbs = [.execute] },
        stalled(.completed, .completed, "a notice, byte after byte", [.trickle(notice)]),
        stalled(.asked, .asked, "notices without end", [.flood(BackendBytes.repeated(notice, count: 200))]),
        stalled(.completed, .completed, "notices without end", [.flood(BackendBytes.repeated(notice, count: 200))]),
        stalled(
            .rows, .inRows, "one parameter without end",
            [.flood(BackendBytes.repeated(none.parameter("search_path", "a").bytes, count: 200))]),
    ]

    /// A query whose time is over; the request to cancel it is taken and not obeyed.
    private static func stalled(
        _ state: ProtocolState, _ point: HonestBackend.Point, _ name: String, _ steps: [Step] = [],
        _ codes: [Code] = [.queryTimedOut]
    ) -> Behaviour {
        Behaviour.inAnswer(
            name, state, point, steps + [.never], .fails(codes),
            verbs: [.execute, .rows, .prepared, .transaction, .pooled, .batch]
        ).with {
            $0.further = [.expectBytes(16), .close]
            $0.limit = .query
        }
    }

    private static let others: [Behaviour] = [
        describing("silence", .asked, [.never]), describing("silence after the parameters", .bound, [.never]),
        describing("notices without end", .parsed, [.flood(BackendBytes.repeated(notice, count: 200))]),
        Behaviour.connecting("reads nothing of a long query", .sending, .fails([.queryTimedOut]), verbs: [.send]) {
            [.expectStartup, .send(BackendBytes.welcome), .pause(milliseconds: 1_000), .expectAnyEnd]
        }.with {
            $0.further = [.expectBytes(16), .close]
            $0.limit = .query
        },
        Behaviour.connecting("reads a part of a long query, and FIN", .sending, .lost, verbs: [.send]) {
            [.expectStartup, .send(BackendBytes.welcome), .expectBytes(1 << 20), .close]
        },
        Behaviour.connecting("reads a part of a long query, and RST", .sending, .lost, verbs: [.send]) {
            [.expectStartup, .send(BackendBytes.welcome), .expectBytes(1 << 20), .reset]
        },
        Behaviour.connecting(
            "a farewell in the middle of a long query", .sending,
            .fails([.sessionEndedByServer, .connectionLost]), verbs: [.send]
        ) {
            [.expectStartup, .send(BackendBytes.welcome), .expectBytes(1 << 20), .send(Hostile.farewell.bytes), .close]
        },
    ]

    private static func describing(_ name: String, _ point: HonestBackend.Point, _ steps: [Step]) -> Behaviour {
        let hook = HonestBackend.Hook(target: .describing, point: point, steps: steps, continuation: .silence)
        return Behaviour(
            name: name, state: .describing, script: { HonestBackend.script(hook) }, verbs: [.prepare],
            expected: .fails([.queryTimedOut])
        ).with {
            $0.further = [.expectBytes(16), .close]
            $0.limit = .control
        }
    }
}
