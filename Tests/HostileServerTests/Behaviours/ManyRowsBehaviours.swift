import PostgresStreaming
import PostgresTestSupport

/// The answers to one statement that runs for many rows of parameters, which are read in bulk as long as all is well.
enum ManyRowsBehaviours {
    private typealias Point = HonestBackend.Point
    private static let none = Hostile.none

    static let all = orders + copies + ends + stalls + errors + tags

    private static let points: [(name: String, point: Point)] = [
        ("before the first", .parsed), ("within the first", .described), ("after the first", .completed),
    ]

    private static let strange: [(String, BackendBytes)] = [
        ("a row", none.rows(1...1)), ("ParseComplete", none.message("1")), ("CloseComplete", none.message("3")),
        ("ParameterDescription", none.message("t", Hostile.int16(0))), ("ReadyForQuery", none.ready()),
        ("CopyData", none.message("d", [1])), ("CopyDone", none.message("c")), ("PortalSuspended", none.message("s")),
        ("a description", none.message("T", Hostile.int16(0))), ("AuthenticationOk", none.authentication(0)),
        ("a message of type 0", none.message("\0")),
        ("CommandComplete of length 3", Hostile.announced("C", length: 3)),
        ("CommandComplete of length -1", Hostile.announced("C", length: -1)),
    ]

    /// A COPY is refused, and its end is waited for.
    private static let copies: [Behaviour] = ["G", "H"].map { type in
        behaviour(
            "a COPY by \(type)", .described, [.send(none.message(type, [0, 0, 0]).bytes), .never],
            .fails([.queryTimedOut])
        ).stalled
    }

    private static let orders: [Behaviour] =
        points.flatMap { place in
            strange.map { behaviour("\($0) \(place.name)", place.point, [.sendUntilClosed($1.bytes)], .violation) }
        } + [
            bytes("BindComplete twice", .described, none.message("2")),
            bytes("CommandComplete twice", .completed, none.complete("INSERT 0 1")),
            bytes("CommandComplete without BindComplete", .parsed, none.complete("INSERT 0 1")),
            bytes("CommandComplete without an end", .described, none.message("C", Array("INSERT 0 1".utf8))),
            bytes("BindComplete with a byte", .parsed, none.message("2", [0])),
            bytes(
                "a longer CommandComplete than there may be", .described, Hostile.announced("C", length: 1 << 30),
                .tooLarge),
            behaviour(
                "CommandComplete without end", .completed, [.flood(none.complete("INSERT 0 1").bytes)], .violation),
        ]

    private static let ends: [Behaviour] = points.flatMap { place in
        [("FIN", Step.close), ("RST", .reset)].map { behaviour("\($0) \(place.name)", place.point, [$1], .lost) }
            + [
                bytes("a farewell \(place.name)", place.point, Hostile.farewell, .fails([.sessionEndedByServer]))
            ]
    }

    private static let stalls: [Behaviour] = points.flatMap { place in
        [
            behaviour("silence \(place.name)", place.point, [.never], .fails([.queryTimedOut])).stalled,
            behaviour(
                "half a message \(place.name)", place.point, [.send([UInt8(ascii: "C"), 0, 0, 0]), .never],
                .fails([.queryTimedOut])
            ).stalled,
            behaviour(
                "notices without end \(place.name)", place.point,
                [.flood(BackendBytes.repeated(none.notice("x").bytes, count: 200))], .fails([.queryTimedOut])
            ).stalled,
        ]
    }

    private static let errors: [Behaviour] = points.map { place in
        Behaviour.answering(
            "journal", "an error \(place.name)", .repeating, place.point,
            [.sendUntilClosed(Hostile.error.ready().bytes)], then: .nextFlight, .failsUsable([.server]), verbs: [.many])
    }

    /// What the server says of one run, in place of the honest word.
    private static let tags: [Behaviour] = [
        "INSERT 0 99999999999999999999", "INSERT 0 9223372036854775807", "INSERT", "", "INSERT 0 -1", "INSERT 0 1 1 1",
        "\u{FFFD}",
    ].map { tag in
        let rest = none.complete(tag).message("2").complete(tag).ready()
        return Behaviour.answering(
            "journal", "the tag \"\(tag)\"", .repeating, .described, [.sendUntilClosed(rest.bytes)], then: .nextFlight,
            .either([.protocolViolation]), verbs: [.many])
    }

    private static func behaviour(
        _ name: String, _ point: Point, _ steps: [Step], _ expected: Expectation
    ) -> Behaviour {
        .answering("journal", name, .repeating, point, steps, expected, verbs: [.many])
    }

    private static func bytes(
        _ name: String, _ point: Point, _ bytes: BackendBytes, _ expected: Expectation = .violation
    ) -> Behaviour {
        behaviour(name, point, [.sendUntilClosed(bytes.bytes)], expected)
    }
}
