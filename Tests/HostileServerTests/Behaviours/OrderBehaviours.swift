import PostgresStreaming
import PostgresTestSupport

/// Messages where they may not come, twice, or not at all.
enum OrderBehaviours {
    private static let none = Hostile.none

    static let all = asked + described + ends + idle + harmless

    private static let asked: [Behaviour] = [
        .bytes("a row that was not described", .bound, .bound, none.rows(1...1), verbs: Verb.unprepared),
        .bytes("BindComplete before ParseComplete", .asked, .asked, none.message("2"), verbs: Verb.unprepared),
        .bytes("ReadyForQuery first", .asked, .asked, none.ready()),
        .bytes("CommandComplete first", .asked, .asked, none.complete("SELECT 0")),
        .bytes("rows first", .asked, .asked, none.rows(1...2)),
        .bytes("EmptyQueryResponse first", .asked, .asked, none.message("I")),
        .bytes("answers after an error", .failed, .asked, Hostile.error.message("1")),
        .bytes("ParseComplete twice", .parsed, .parsed, none.message("1")),
        .bytes("BindComplete twice", .bound, .bound, none.message("2")),
        .bytes("NoData, and then rows", .bound, .bound, none.message("n").rows(1...1), verbs: Verb.unprepared),
        .bytes(
            "CommandComplete in place of the description", .bound, .bound, none.complete("SELECT 0").ready(),
            verbs: Verb.unprepared),
        .bytes(
            "CloseComplete in place of BindComplete", .parsed, .parsed, none.message("3")),
    ]

    private static let described: [Behaviour] = [
        .bytes("a second description", .described, .described, none.message("T", Hostile.int16(0))),
        .bytes("an end without CommandComplete", .rows, .inRows, none.ready()),
        .bytes("PortalSuspended", .rows, .inRows, none.message("s")),
        .bytes("a cancel key", .described, .described, none.message("K", Hostile.int32(1) + Hostile.int32(2))),
        .bytes("AuthenticationOk", .described, .described, none.authentication(0)),
        .bytes("a request for a password", .rows, .inRows, none.authentication(3)),
        .bytes(
            "an offer of SCRAM", .rows, .inRows, none.authentication(10, AuthenticationScript.list(["SCRAM-SHA-256"]))),
        .bytes("CopyBothResponse", .described, .described, none.message("W", [0, 0, 0])),
        .bytes("CopyInResponse", .rows, .inRows, none.message("G", [0, 0, 0])),
        .bytes("CopyOutResponse", .rows, .inRows, none.message("H", [0, 0, 0])),
        .bytes("CopyData", .rows, .inRows, none.message("d", Array("1\n".utf8))),
        .bytes("CopyDone", .rows, .inRows, none.message("c")),
        .bytes("EmptyQueryResponse", .rows, .inRows, none.message("I")),
        .bytes("NoData", .rows, .inRows, none.message("n")),
        .bytes("ParseComplete", .rows, .inRows, none.message("1")),
        .bytes("CloseComplete", .rows, .inRows, none.message("3")),
        .bytes("ParameterDescription", .described, .described, none.message("t", Hostile.int16(0))),
        .bytes("FunctionCallResponse", .rows, .inRows, none.message("V", Hostile.int32(-1))),
        .bytes(
            "NegotiateProtocolVersion", .rows, .inRows, none.message("v", Hostile.int32(196_608) + Hostile.int32(0))),
        .bytes("a message of a client: Query", .rows, .inRows, none.message("Q", Hostile.string("SELECT 1"))),
        .bytes("a message of a client: Terminate", .rows, .inRows, none.message("X")),
        .bytes("a message of a client: Password", .rows, .inRows, none.message("p", Hostile.string("secret"))),
    ]

    private static let ends: [Behaviour] = [
        .bytes("CommandComplete twice", .completed, .completed, none.complete("SELECT 2").ready()),
        .bytes("rows after CommandComplete", .completed, .completed, none.rows(3...3)),
        .bytes("a description after CommandComplete", .completed, .completed, none.message("T", Hostile.int16(0))),
        .bytes("CopyInResponse after CommandComplete", .completed, .completed, none.message("G", [0, 0, 0])),
        .bytes("rows after an error", .failed, .inRows, Hostile.error.rows(3...3)),
        .bytes("CommandComplete after an error", .failed, .inRows, Hostile.error.complete("SELECT 2").ready()),
        .bytes("ParseComplete after an error", .failed, .inRows, Hostile.error.message("1")),
        .bytes(
            "an error in the middle of rows", .failed, .inRows, Hostile.error.ready(), then: .nextFlight,
            .failsUsable([.server]), verbs: [.execute, .rows, .prepared, .pooled]),
        .bytes(
            "two errors", .failed, .inRows, Hostile.error.error("ERROR", "42601", "no").ready(), then: .nextFlight,
            .failsUsable([.server]), verbs: [.execute, .rows, .prepared, .pooled]),
        .bytes(
            "an error after CommandComplete", .completed, .completed, Hostile.error.ready(), then: .nextFlight,
            .failsUsable([.server]), verbs: [.execute, .rows, .prepared, .pooled]),
        .bytes("a farewell in the middle of rows", .rows, .inRows, Hostile.farewell, .fails([.sessionEndedByServer])),
        .bytes(
            "a farewell after CommandComplete", .completed, .completed, Hostile.farewell,
            .fails([.sessionEndedByServer])),
        .bytes(
            "a panic before anything", .asked, .asked, none.error("PANIC", "XX000", "no"),
            .fails([.sessionEndedByServer])
        ),
    ]

    /// What comes with ReadyForQuery and belongs to no question.
    private static let idle: [Behaviour] = [
        next("ReadyForQuery twice", none.ready()),
        next(
            "a second whole answer",
            none.message("1").message("2").message("T", Hostile.int16(1) + Hostile.column)
                .rows(7...8).complete("SELECT 2").ready()),
        next("the answer to a statement that is prepared", none.message("2").rows(7...8).complete("SELECT 2").ready()),
        next("rows", none.rows(7...8)),
        next("an error", Hostile.error),
        next("an error and its end", Hostile.error.ready()),
        next("ParseComplete", none.message("1")),
        next("BindComplete", none.message("2")),
        next("a cancel key", none.message("K", Hostile.int32(1) + Hostile.int32(2))),
        next("AuthenticationOk", none.authentication(0)),
        next("another client_encoding", none.parameter("client_encoding", "LATIN1")),
        next("an unknown message", none.message("!")),
        next("a length of zero", Hostile.announced("N", length: 0)),
        next("a farewell", Hostile.farewell, [.sessionEndedByServer]),
        next("a row above the limit", Hostile.announced("D", length: .max), [.messageTooLarge, .protocolViolation]),
    ]

    private static func next(
        _ name: String, _ bytes: BackendBytes, _ codes: [Code] = [.protocolViolation]
    ) -> Behaviour {
        .bytes(
            name, .idle, .ready, bytes, then: .honesty, .rowsThen(codes), verbs: [.execute, .rows, .prepared, .pooled])
    }

    /// What a server may say at any time.
    private static let harmless: [Behaviour] = [
        anytime("a notice", none.notice("half way")),
        anytime("a notification", none.message("A", Hostile.int32(7) + Hostile.string("jobs") + Hostile.string(""))),
        anytime("a parameter", none.parameter("TimeZone", "UTC")),
        anytime("a parameter of no name", none.parameter("", "")),
        anytime("a thousand notices", (0..<1000).reduce(none) { bytes, _ in bytes.notice("still busy") }),
        anytime(
            "one parameter two thousand times",
            (0..<2_000).reduce(none) { $0.parameter("search_path", "schema_\($1)") }),
    ].flatMap(\.self)

    /// At every point of an answer.
    private static func anytime(_ name: String, _ bytes: BackendBytes) -> [Behaviour] {
        let states: [HonestBackend.Point: ProtocolState] = [
            .asked: .asked, .parsed: .parsed, .bound: .bound, .described: .described, .inRows: .rows,
            .completed: .completed, .ready: .idle,
        ]
        let points = name.hasPrefix("a ") ? HonestBackend.Point.allCases : [.inRows]
        return points.map { point in
            .bytes(name, states[point] ?? .rows, point, bytes, then: .honesty, .honest, verbs: [.rows, .transaction])
        }
    }
}
