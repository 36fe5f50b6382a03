import PostgresStreaming
import PostgresTestSupport

/// More than any client needs of everything that may come often, or be long. What the process holds is measured.
enum FloodBehaviours {
    private static let none = Hostile.none
    private static let mebibyte = [UInt8](repeating: 0x78, count: 1 << 20)

    static let all = endless + long + CopiedDataBehaviours.floods

    private static let endless: [Behaviour] = [
        flood("notices", none.notice(String(repeating: "x", count: 8_000)).bytes),
        flood("short notices", BackendBytes.repeated(none.notice("x").bytes, count: 1000)),
        flood(
            "notifications",
            none.message(
                "A", Hostile.int32(1) + Hostile.string("jobs") + Hostile.string(String(repeating: "x", count: 7_000))
            ).bytes),
        flood("one long parameter", none.parameter("search_path", String(repeating: "x", count: 7_000)).bytes),
        pieces("parameters of other names", [.messageTooLarge]) {
            none.parameter("name\($0)", String(repeating: "x", count: 500)).bytes
        },
        flood("rows", BackendBytes.repeated(none.rows(2...2).bytes, count: 1000), verbs: [.execute]),
        flood("empty rows' notices", BackendBytes.repeated(none.message("N", [0]).bytes, count: 1000)),
        flood(
            "descriptions", none.message("T", Hostile.int16(1000) + (0..<1000).flatMap { _ in Hostile.column }).bytes,
            [.protocolViolation]),
        flood("ends of commands", none.complete("SELECT 2").bytes, [.protocolViolation]),
        flood("ends of queries", BackendBytes.repeated(none.ready().bytes, count: 1000), [.protocolViolation]),
        flood("errors", Hostile.error.bytes, [.queryTimedOut, .server]),
        flood("notices of 1 MiB", none.message("N", [UInt8(ascii: "M")] + mebibyte + [0, 0]).bytes),
    ].map { $0.with { behaviour in behaviour.further = [.expectBytes(16), .close] } }

    private static func flood(
        _ name: String, _ bytes: [UInt8], _ codes: [Code] = [.queryTimedOut], verbs: [Verb] = [.execute, .rows]
    ) -> Behaviour {
        pieces(name, codes, verbs: verbs) { _ in bytes }
    }

    private static func pieces(
        _ name: String, _ codes: [Code], verbs: [Verb] = [.execute, .rows],
        _ piece: @escaping @Sendable (Int) -> [UInt8]
    ) -> Behaviour {
        Behaviour.inAnswer("\(name) without end", .rows, .inRows, [.floodOfPieces(piece)], .fails(codes), verbs: verbs)
            .configured { $0.queryTimeout = Behaviour.Limit.short }
    }

    /// As long as one message may be, and longer.
    private static let long: [Behaviour] = [
        .bytes(
            "a description of 32,767 columns", .bound, .bound,
            none.message("T", Hostile.int16(.max) + (0..<Int(Int16.max)).flatMap { _ in Hostile.column }),
            .fails([.messageTooLarge, .protocolViolation, .connectionLost, .queryTimedOut]), verbs: [.rows]
        ).quick,
        .bytes(
            "an error of 60 MiB in one field", .rows, .inRows,
            none.message("E", Array("SERROR\0M".utf8) + [UInt8](repeating: 0x78, count: 60 << 20) + [0, 0]).ready(),
            then: .nextFlight, .failsUsable([.server]), verbs: [.rows]
        ).heavy,
        .bytes(
            "an error of 1,000,000 fields", .rows, .inRows,
            none.message("E", BackendBytes.repeated(Array("Mx\0".utf8), count: 1_000_000) + [0]).ready(),
            then: .nextFlight, .violation, verbs: [.rows]
        ).heavy,
        .bytes(
            "a notice of 60 MiB", .rows, .inRows,
            none.message("N", [UInt8(ascii: "M")] + [UInt8](repeating: 0x78, count: 60 << 20) + [0, 0]), then: .honesty,
            .honest,
            verbs: [.rows]
        ).heavy,
        .inAnswer(
            "a row of 64 MiB that never comes", .rows, .inRows,
            [.send(Hostile.announced("D", length: 64 << 20, [0, 1]).bytes), .never], .fails([.queryTimedOut]),
            verbs: [.rows]
        ).quick,
        .inAnswer(
            "an error of 64 MiB that never comes", .rows, .inRows,
            [.send(Hostile.announced("E", length: 64 << 20, [83]).bytes), .never], .fails([.queryTimedOut]),
            verbs: [.rows]
        ).quick,
        .connecting("an offer of SASL of 4 KiB", .started, .fails([.authenticationMethodRefused])) {
            [
                .expectStartup,
                AuthenticationScript.ask(
                    10, AuthenticationScript.list((100..<900).map { "M\($0)" })), .expectAnyEnd,
            ]
        },
        .connecting("an offer of SASL of 40 KiB", .started, .tooLarge) {
            [
                .expectStartup, AuthenticationScript.ask(10, AuthenticationScript.list((0..<10_000).map { "\($0)" })),
                .expectAnyEnd,
            ]
        },
        .connecting("an offer of SASL without end", .started, .tooLarge) {
            [
                .expectStartup, .send(Hostile.announced("R", length: .max, [0, 0, 0, 10]).bytes),
                .flood(Array("SCRAM-SHA-1\0".utf8)),
            ]
        },
        .connecting("a notice of 64 KiB, without end", .started, .fails([.connectTimedOut])) {
            [
                .expectStartup,
                .flood(none.message("N", [UInt8(ascii: "M")] + [UInt8](repeating: 1, count: 65_000) + [0, 0]).bytes),
            ]
        }.configured { $0.connectTimeout = Behaviour.Limit.short },
        .connecting("parameters of other names without end", .accepting, .tooLarge) {
            [
                .expectStartup, .send(none.authentication(0).bytes),
                .floodOfPieces { none.parameter("name\($0)", String(repeating: "x", count: 500)).bytes },
            ]
        },
    ]
}

extension Behaviour {
    /// The same with a short time for the query.
    fileprivate var quick: Behaviour {
        with {
            $0.configure = { $0.queryTimeout = Limit.short }
            $0.further = [.expectBytes(16), .close]
        }
    }

    /// The same where a message of the largest length is taken, which the server of the trial holds as well.
    fileprivate var heavy: Behaviour {
        with {
            $0.memoryMax += 2 * (64 << 20)
            $0.timeMax = .seconds(10)
        }
    }
}
