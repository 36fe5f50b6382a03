import PostgresStreaming
import PostgresTestSupport

/// COPY where none was expected, which this library refuses, and what a server makes of the refusal.
enum CopyBehaviours {
    private static let none = Hostile.none
    private static let copyIn = none.message("G", [0] + Hostile.int16(1) + Hostile.int16(0))
    private static let copyOut = none.message("H", [0] + Hostile.int16(1) + Hostile.int16(0))
    private static let data = none.message("d", Array("1\n".utf8))

    static let all: [Behaviour] = [
        copy(
            "COPY FROM, honestly", copyIn,
            .failsUsable([.unsupported])),
        copy(
            "COPY TO, honestly", copyOut.message("d", Array("1\n".utf8)).message("c").complete("COPY 1").ready(),
            .failsUsable([.unsupported])),
        copy("COPY TO without CopyDone", copyOut.complete("COPY 0").ready(), .failsUsable([.unsupported])),
        copy(
            "an error in COPY TO", copyOut.message("d", [1]).error("ERROR", "22012", "no").ready(),
            .failsUsable([.unsupported])),
        copy("CopyBothResponse", none.message("W", [0, 0, 0])),
        copy("CopyData alone", data), copy("CopyDone alone", none.message("c")),
        copy("COPY of -1 columns", none.message("H", [0] + Hostile.int16(-1))),
        copy("COPY of columns that are not there", none.message("H", [0] + Hostile.int16(300) + Hostile.int16(0))),
        copy("COPY in the format 9", none.message("H", [9] + Hostile.int16(0))),
        copy("COPY with a column in the format 9", none.message("G", [0] + Hostile.int16(1) + Hostile.int16(9))),
        copy("COPY without formats", none.message("G")),
        copy("COPY with bytes after its columns", none.message("H", [0] + Hostile.int16(0) + [1])),
        copy("COPY FROM twice", copyIn.message("G", [0, 0, 0]), .fails([.unsupported])),
        copy("rows in COPY TO", copyOut.rows(1...1), .fails([.unsupported])),
        copy("a description in COPY TO", copyOut.message("T", Hostile.int16(0)), .fails([.unsupported])),
        copy("ReadyForQuery in COPY TO", copyOut.ready(), .fails([.unsupported])),
        copy("FIN in COPY TO", copyOut, [.close], .fails([.unsupported])),
        copy("RST in COPY FROM", copyIn, [.reset], .fails([.unsupported])),
        copy("silence in COPY FROM", copyIn, [.never], .fails([.unsupported])).ended(by: .cleanUp),
        copy("silence in COPY TO", copyOut, [.never], .fails([.unsupported])).ended(by: .cleanUp),
        copy(
            "COPY TO without end", copyOut, [.flood(BackendBytes.repeated(data.bytes, count: 1000))],
            .fails([.unsupported])
        ).ended(by: .cleanUp),
    ]

    private static func copy(
        _ name: String, _ bytes: BackendBytes, _ steps: [Step] = [], _ expected: Expectation = .violation
    ) -> Behaviour {
        var continuation = HonestBackend.Continuation.silence
        if case .failsUsable = expected { continuation = .nextFlight }
        return .answering(
            "COPY", name, .copying, .described, [.sendUntilClosed(bytes.bytes)] + steps, then: continuation, expected,
            verbs: [.copy])
    }

    private static func copy(_ name: String, _ bytes: BackendBytes, _ expected: Expectation) -> Behaviour {
        copy(name, bytes, [], expected)
    }
}
