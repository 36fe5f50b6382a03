import PostgresStreaming
import PostgresTestSupport

/// The data of COPY in both directions, and its end.
enum CopiedDataBehaviours {
    private static let none = Hostile.none
    private static let data = none.message("d", Array("3\n".utf8))
    private static let copyIn = none.message("G", [0] + Hostile.int16(1) + Hostile.int16(0))
    private static let copyOut = none.message("H", [0] + Hostile.int16(1) + Hostile.int16(0))
    private static let done = none.message("c")
    private static let complete = none.complete("COPY 2")

    static let all = out + binary + ended(.copyingOut, [.copyOut, .copyRows], .inRows, .lost) + into + after

    /// What has no place in the data, nor after it.
    private static let strange: [(String, BackendBytes)] = [
        ("a row", none.rows(1...1)), ("CopyInResponse", copyIn), ("CopyOutResponse", copyOut),
        ("ReadyForQuery", none.ready()), ("ParseComplete", none.message("1")), ("BindComplete", none.message("2")),
        ("CloseComplete", none.message("3")), ("a description", none.message("T", Hostile.int16(0))),
        ("NoData", none.message("n")), ("EmptyQueryResponse", none.message("I")),
        ("PortalSuspended", none.message("s")), ("CopyBothResponse", none.message("W", [0, 0, 0])),
        ("a message of type 0", none.message("\0")), ("AuthenticationOk", none.authentication(0)),
        ("CopyData of length 3", Hostile.announced("d", length: 3)),
        ("CopyData of length -1", Hostile.announced("d", length: -1)),
    ]

    private static let out: [Behaviour] =
        strange.map { behaviour("\($0) between the data", .copyingOut, .inRows, $1, .violation, outwards) } + [
            behaviour("CommandComplete without CopyDone", .copyingOut, .inRows, complete.ready(), .violation, outwards),
            behaviour("data after CopyDone", .copyingOut, .inRows, done.message("d", [1]), .violation, outwards),
            behaviour("CopyDone twice", .copyingOut, .inRows, done.message("c"), .violation, outwards),
            behaviour("CopyDone with a byte", .copyingOut, .inRows, none.message("c", [0]), .violation, outwards),
            behaviour("CopyDone and no more", .copyingOut, .inRows, done.ready(), .violation, outwards),
            behaviour(
                "a piece longer than the limit", .copyingOut, .inRows,
                Hostile.announced("d", length: .max), .tooLarge, outwards),
            .answering(
                "COPY", "an error in the data", .copyingOut, .inRows, [.sendUntilClosed(Hostile.error.bytes)],
                then: .nextFlight, .failsUsable([.server]), verbs: outwards),
            behaviour(
                "a farewell in the data", .copyingOut, .inRows, Hostile.farewell, .fails([.sessionEndedByServer]),
                outwards),
            honest("a notice in the data", none.notice("so far")),
            honest("a parameter in the data", none.parameter("a", "b")),
            stalled("silence in the data", .copyingOut, [], .fails([.queryTimedOut]), outwards),
            stalled(
                "a piece that never comes", .copyingOut,
                [.send(Hostile.announced("d", length: 64 << 20, [49]).bytes)], .fails([.queryTimedOut]), outwards),
            stalled(
                "notices in the data without end", .copyingOut,
                [.flood(BackendBytes.repeated(none.notice("x").bytes, count: 200))], .fails([.queryTimedOut]), outwards),
        ]

    private static let outwards: [Verb] = [.copyOut, .copyRows]

    /// Data without end, where what the process holds is measured.
    static let floods: [Behaviour] = [
        flood("short data", BackendBytes.repeated(data.bytes, count: 1000), [.copyOut]),
        Behaviour.answering(
            "COPY", "tuples without end", .copyingOut, .described, [.send(tuples.bytes), .flood(moreTuples)],
            .fails([.queryTimedOut]), verbs: [.copyRows]
        ).stalled,
        flood("data of 1 MiB", none.message("d", [UInt8](repeating: 0x78, count: 1 << 20)).bytes, [.copyOut]),
        flood("data of no bytes", BackendBytes.repeated(none.message("d").bytes, count: 1000), [.copyOut]),
    ]

    private static let tuples = none.message("H", [1] + Hostile.int16(1) + Hostile.int16(1))
        .message("d", CopiedNumbers.header + CopiedNumbers.tuple(1))
    private static let moreTuples = BackendBytes.repeated(none.message("d", CopiedNumbers.tuple(2)).bytes, count: 1000)

    private static func flood(_ name: String, _ bytes: [UInt8], _ verbs: [Verb]) -> Behaviour {
        stalled("\(name) without end", .copyingOut, [.flood(bytes)], .fails([.queryTimedOut]), verbs)
    }

    private static func honest(_ name: String, _ bytes: BackendBytes) -> Behaviour {
        .answering(
            "COPY", name, .copyingOut, .inRows, [.sendUntilClosed(bytes.bytes)], then: .honesty, .honest,
            verbs: outwards)
    }

    /// Tuples that do not hold together, after those of the honest rows.
    private static let binary: [Behaviour] = [
        tuple("after the trailer", CopiedNumbers.tuple(3)), tuple("of no bytes, after the trailer", []),
        tuple("that is a trailer again", CopiedNumbers.trailer),
    ]

    private static func tuple(_ name: String, _ bytes: [UInt8]) -> Behaviour {
        behaviour("a tuple \(name)", .copyingOut, .inRows, none.message("d", bytes), .violation, [.copyRows])
    }

    private static let into: [Behaviour] =
        (strange + [
            ("CopyData", data), ("CopyDone", done), ("CommandComplete", complete.ready()),
        ]).map { behaviour("\($0) while data is sent", .copyingIn, .inRows, $1, .violation, [.copyIn]) } + [
            .answering(
                "COPY", "an error while data is sent", .copyingIn, .inRows, [.sendUntilClosed(Hostile.error.bytes)],
                then: .nextFlight, .failsUsable([.server]), verbs: [.copyIn]),
            behaviour(
                "a farewell while data is sent", .copyingIn, .inRows, Hostile.farewell,
                .fails([.sessionEndedByServer, .commitUnknown]), [.copyIn]),
        ] + ended(.copyingIn, [.copyIn], .inRows, .fails([.connectionLost, .commitUnknown]))

    /// All data was sent, and may be there.
    private static let unknown = Expectation.fails([.commitUnknown])

    private static let after: [Behaviour] =
        strange.filter { $0.0 != "ReadyForQuery" }.map {
            finishing("\($0) instead of the end", .asked, [.sendUntilClosed($1.bytes)], unknown)
        } + [
            finishing("ReadyForQuery alone", .asked, [.sendUntilClosed(none.ready().bytes)], unknown),
            finishing("CommandComplete twice", .completed, [.sendUntilClosed(complete.bytes)], unknown),
            finishing(
                "an error instead of the end", .asked, [.sendUntilClosed(Hostile.error.ready().bytes)],
                then: .nextFlight,
                .failsUsable([.server])),
            finishing(
                "an error after the end", .completed, [.sendUntilClosed(Hostile.error.ready().bytes)],
                then: .nextFlight,
                .failsUsable([.server])),
            finishing(
                "a farewell instead of the end", .asked, [.sendUntilClosed(Hostile.farewell.bytes)],
                unknown),
            finishing("FIN instead of the end", .asked, [.close], unknown),
            finishing("RST instead of the end", .asked, [.reset], unknown),
            finishing("FIN after CommandComplete", .completed, [.close], unknown),
            finishing("RST after CommandComplete", .completed, [.reset], unknown),
            finishing("silence instead of the end", .asked, [.never], unknown).stalled,
            finishing("silence after CommandComplete", .completed, [.never], unknown).stalled,
        ]

    private static func finishing(
        _ name: String, _ point: HonestBackend.Point, _ steps: [Step],
        then continuation: HonestBackend.Continuation = .silence, _ expected: Expectation
    ) -> Behaviour {
        let hook = HonestBackend.Hook(target: .copyDone, point: point, steps: steps, continuation: continuation)
        return Behaviour(
            name: name, state: .copied, script: { HonestBackend.script(hook) }, verbs: [.copyIn], expected: expected)
    }

    private static func behaviour(
        _ name: String, _ state: ProtocolState, _ point: HonestBackend.Point, _ bytes: BackendBytes,
        _ expected: Expectation, _ verbs: [Verb]
    ) -> Behaviour {
        .answering("COPY", name, state, point, [.sendUntilClosed(bytes.bytes)], expected, verbs: verbs)
    }

    private static func ended(
        _ state: ProtocolState, _ verbs: [Verb], _ point: HonestBackend.Point, _ expected: Expectation
    ) -> [Behaviour] {
        [("FIN", Step.close), ("RST", .reset)].map { name, step in
            .answering("COPY", "\(name) in the data", state, point, [step], expected, verbs: verbs)
        }
    }

    private static func stalled(
        _ name: String, _ state: ProtocolState, _ steps: [Step], _ expected: Expectation, _ verbs: [Verb]
    ) -> Behaviour {
        Behaviour.answering("COPY", name, state, .inRows, steps + [.never], expected, verbs: verbs).stalled
    }
}
