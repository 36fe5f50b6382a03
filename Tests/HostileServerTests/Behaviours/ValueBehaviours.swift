import PostgresStreaming
import PostgresTestSupport

/// Values, types and names that are not what the description says.
enum ValueBehaviours {
    static let all = values + cells + descriptions + parameters

    private static let values: [Behaviour] = [
        value("a number of four bytes where there are eight", Hostile.int32(1)),
        value("a number of no bytes", []), value("a number of nine bytes", Hostile.int64(1) + [0]),
        value("a number of a thousand bytes", [UInt8](repeating: 1, count: 1000)),
        value("NULL where none is expected", nil, [.unexpectedNull]),
    ]

    private static func value(_ name: String, _ bytes: [UInt8]?, _ codes: [Code] = [.valueMalformed]) -> Behaviour {
        .bytes(
            name, .described, .described, BackendBytes().row([bytes]).complete("SELECT 1").ready(), then: .nextFlight,
            .failsUsable(codes), verbs: [.rows, .first, .prepared, .pooled])
    }

    private static let cells: [Behaviour] = [
        .bytes(
            "NULL and bytes after it", .described, .described,
            BackendBytes().message("D", Hostile.int16(1) + Hostile.int32(-1) + Hostile.int64(1)).complete("SELECT 1")
                .ready(),
            then: .nextFlight, .failsUsable([.unexpectedNull]), verbs: [.rows, .prepared, .pooled])
    ]

    private static let descriptions: [Behaviour] = [
        column("a type that nothing has", BackendBytes.column("n", typeOID: 999_999, size: 8), [.typeMismatch]),
        column("the type 0", BackendBytes.column("n", typeOID: 0, size: 8), [.typeMismatch]),
        column("the type -1", BackendBytes.column("n", typeOID: -1, size: -2), [.typeMismatch]),
        column("a text", BackendBytes.column("n", typeOID: 25, size: -1), [.typeMismatch, .valueMalformed]),
        column("a number of four bytes", BackendBytes.column("n", typeOID: 23, size: 4), [.valueMalformed]),
        column("text format that is no number", Hostile.column.dropLast(2) + Hostile.int16(0), [.valueMalformed]),
        named("a name that is no text", [0xC3, 0x28, 0xFF]),
        named("no name", []),
        named("a name of 60,000 bytes", [UInt8](repeating: 0x6E, count: 60_000)),
        named("a name with control characters", Array("\u{1B}[31m\r\n\u{7}".utf8)),
        columns("no columns, and rows of none", 0, .failsUsable([.columnMismatch])),
        columns("two columns where one is expected", 2, .failsUsable([.columnMismatch])),
        columns("1,664 columns", 1_664, .failsUsable([.columnMismatch])),
    ]

    private static func column(_ name: String, _ column: [UInt8], _ codes: [Code]) -> Behaviour {
        .bytes(
            "described as \(name)", .bound, .bound,
            BackendBytes().message("T", Hostile.int16(1) + column).rows(1...2).complete("SELECT 2").ready(),
            then: .nextFlight, .failsUsable(codes), verbs: [.rows, .first, .pooled])
    }

    private static func named(_ name: String, _ bytes: [UInt8]) -> Behaviour {
        .bytes(
            name, .bound, .bound,
            BackendBytes().message("T", Hostile.int16(1) + bytes + Hostile.column.dropFirst()).rows(1...2)
                .complete("SELECT 2").ready(),
            then: .nextFlight, .rows([1, 2]), verbs: [.rows, .first, .pooled])
    }

    private static func columns(_ name: String, _ count: Int, _ expected: Expectation) -> Behaviour {
        let columns = (0..<count).flatMap { _ in Hostile.column }
        let row = [[UInt8]?](repeating: Hostile.int64(1), count: count)
        return .bytes(
            name, .bound, .bound,
            BackendBytes().message("T", Hostile.int16(Int16(count)) + columns).row(row).complete("SELECT 1").ready(),
            then: .nextFlight, expected, verbs: [.rows, .first, .pooled])
    }

    private static let none = Hostile.none

    /// What a server says of a statement that is to be described.
    private static let parameters: [Behaviour] = [
        describing("parameters of -1", .parsed, none.message("t", Hostile.int16(-1))),
        describing("three parameters that has one", .parsed, none.message("t", Hostile.int16(3) + Hostile.int32(23))),
        describing("parameters without a count", .parsed, none.message("t")),
        describing("parameters with bytes after them", .parsed, none.message("t", Hostile.int16(0) + [1])),
        describing("columns before parameters", .parsed, none.message("T", Hostile.int16(0))),
        describing("parameters twice", .bound, none.message("t", Hostile.int16(0))),
        describing("no columns' end", .bound, none.message("T", Hostile.int16(1) + Array("n".utf8))),
        describing("BindComplete", .parsed, none.message("2")),
        describing("rows", .described, none.rows(1...2)),
        describing("CommandComplete", .described, none.complete("SELECT 2")),
        describing("ReadyForQuery first", .asked, none.ready()),
        describing(
            "a parameter that the statement has not", .parsed,
            none.message("t", Hostile.int16(1) + Hostile.int32(23))
                .message("T", Hostile.int16(1) + Hostile.column).ready(), then: .nextFlight,
            .failsUsable([.parameterInvalid])),
        describing(
            "other columns", .bound, none.message("T", Hostile.int16(2) + Hostile.column + Hostile.column).ready(),
            then: .nextFlight, .failsUsable([.columnMismatch])),
        describing(
            "another type", .bound,
            none.message("T", Hostile.int16(1) + BackendBytes.column("n", typeOID: 17, size: -1)).ready(),
            then: .nextFlight, .failsUsable([.typeMismatch])),
        describing("no columns", .bound, none.message("n").ready(), then: .nextFlight, .failsUsable([.columnMismatch])),
        describing("an error", .parsed, Hostile.error.ready(), then: .nextFlight, .failsUsable([.server])),
    ]

    private static func describing(
        _ name: String, _ point: HonestBackend.Point, _ bytes: BackendBytes,
        then continuation: HonestBackend.Continuation = .silence, _ expected: Expectation = .violation
    ) -> Behaviour {
        let hook = HonestBackend.Hook(
            target: .describing, point: point, steps: [.sendUntilClosed(bytes.bytes)], continuation: continuation)
        return Behaviour(
            name: "describes \(name)", state: .describing, script: { HonestBackend.script(hook) },
            verbs: [.prepare, .prepared], expected: expected)
    }
}
