import PostgresStreaming
import PostgresTestSupport

/// Messages whose bytes are not what their type or their length says.
enum FormBehaviours {
    private static let none = Hostile.none

    static let all = frames + rows + descriptions + ends + errors + asynchronous + sizes + dribbles

    private static let frames: [Behaviour] = [
        .bytes("an unknown message", .described, .described, none.message("!")),
        .bytes("a message of type 0", .described, .described, none.message("\0")),
        .bytes("a message of type 255", .rows, .inRows, BackendBytes(raw: [0xFF, 0, 0, 0, 4])),
        .bytes(
            "text of another protocol", .rows, .inRows, BackendBytes(raw: Array("HTTP/1.1 400 Bad\r\n\r\n".utf8)),
            .tooLarge),
        .bytes("a length of 0", .rows, .inRows, Hostile.announced("C", length: 0)),
        .bytes("a length of 3", .rows, .inRows, Hostile.announced("C", length: 3)),
        .bytes("a length of -1", .rows, .inRows, Hostile.announced("C", length: -1)),
        .bytes("the smallest length", .rows, .inRows, Hostile.announced("D", length: .min, [0, 1])),
        .bytes("a length of 0 in place of the first answer", .asked, .asked, Hostile.announced("1", length: 0)),
        .bytes("ParseComplete with a byte", .asked, .asked, none.message("1", [0]), verbs: Verb.unprepared),
        .bytes("BindComplete with a byte", .parsed, .parsed, none.message("2", [7])),
        .bytes("BindComplete of 100,000 bytes", .parsed, .parsed, Hostile.announced("2", length: 100_000)),
    ]

    private static let rows: [Behaviour] = [
        row("of a negative length", length: -5, [0, 1]),
        row("without room for its columns", Hostile.int16(1)),
        row("without room for their count", [0]),
        row("of no columns", Hostile.int16(0)),
        row("of two columns", Hostile.int16(2) + cell(Hostile.int64(1)) + Hostile.int32(-1)),
        row("of 65,535 columns", Hostile.int16(-1) + cell(Hostile.int64(1))),
        row("of 32,768 columns", Hostile.int16(.min) + cell(Hostile.int64(1))),
        row("with a cell of length -2", Hostile.int16(1) + Hostile.int32(-2)),
        row("with a cell of the smallest length", Hostile.int16(1) + Hostile.int32(.min)),
        row("with a cell longer than itself", Hostile.int16(1) + Hostile.int32(9) + Hostile.int64(1)),
        row("with a cell of the largest length", Hostile.int16(1) + Hostile.int32(.max) + Hostile.int64(1)),
        row("with bytes after its last cell", Hostile.int16(1) + cell(Hostile.int64(1)) + [7]),
    ]

    private static func cell(_ bytes: [UInt8]) -> [UInt8] { Hostile.int32(Int32(bytes.count)) + bytes }

    /// What only counts rows does not look into their cells.
    private static func row(_ name: String, length: Int32? = nil, _ body: [UInt8]) -> Behaviour {
        .bytes(
            "a row \(name)", .rows, .inRows, Hostile.announced("D", length: length ?? Int32(body.count + 4), body),
            verbs: Verb.streaming)
    }

    private static let descriptions: [Behaviour] = [
        description("of two columns that has one", Hostile.int16(2) + Hostile.column),
        description("of one column that has two", Hostile.int16(1) + Hostile.column + Hostile.column),
        description("of -1 columns", Hostile.int16(-1) + Hostile.column),
        description("of 32,767 columns that has one", Hostile.int16(.max) + Hostile.column),
        description("without a count", []),
        description("with a byte after its columns", Hostile.int16(1) + Hostile.column + [0]),
        description("whose name has no end", Hostile.int16(1) + Array("number".utf8)),
        description("that ends in a column", Hostile.int16(1) + Hostile.column.dropLast(3)),
        description("with format 2", Hostile.int16(1) + Hostile.column.dropLast(2) + Hostile.int16(2)),
        description("with format -1", Hostile.int16(1) + Hostile.column.dropLast(2) + Hostile.int16(-1)),
    ]

    private static func description(_ name: String, _ body: [UInt8]) -> Behaviour {
        .bytes("a description \(name)", .bound, .bound, none.message("T", body), verbs: Verb.unprepared)
    }

    private static let ends: [Behaviour] = [
        .bytes("a tag without its end", .rows, .inRows, none.message("C", Array("SELECT 2".utf8))),
        .bytes("a tag of no bytes", .rows, .inRows, none.message("C")),
        .bytes("bytes after a tag", .rows, .inRows, none.message("C", Hostile.string("SELECT 2") + [1])),
        .bytes("a ReadyForQuery of no bytes", .completed, .completed, none.message("Z")),
        .bytes("a ReadyForQuery of two bytes", .completed, .completed, none.message("Z", Array("II".utf8))),
        .bytes("a ReadyForQuery of 100,000 bytes", .completed, .completed, Hostile.announced("Z", length: 100_000)),
        .bytes("the transaction status 0", .completed, .completed, none.message("Z", [0])),
        .bytes("the transaction status i", .completed, .completed, none.ready("i")),
        .bytes("the transaction status Z", .completed, .completed, none.ready("Z")),
        .bytes(
            "a tag that is no text", .rows, .inRows, none.message("C", [0xFF, 0xFE, 0]).ready(), then: .nextFlight,
            .either([.protocolViolation]), verbs: [.rows, .prepared]),
        .bytes(
            "a tag that counts other rows", .rows, .inRows, none.complete("SELECT 99").ready(), then: .nextFlight,
            .rows([1, 2]), verbs: [.rows, .prepared]),
        .bytes(
            "a tag whose count is no number", .rows, .inRows,
            none.complete("SELECT 99999999999999999999999").ready(), then: .nextFlight, .rows([1, 2]),
            verbs: [.rows, .prepared]),
    ]

    private static let errors: [Behaviour] = [
        error("without its end", Array("Mno".utf8)), error("whose last field has no end", Array("SERROR\0Mno".utf8)),
        error("of no bytes", []), error("with bytes after its end", Array("SERROR\0\0x".utf8)),
        mild("of no fields", [0]),
        mild("without severity and code", Hostile.string("Mno") + [0]),
        mild("with an SQLSTATE of three letters", Hostile.string("SERROR") + Hostile.string("C42P") + [0]),
        mild("with an SQLSTATE of ten letters", Hostile.string("SERROR") + Hostile.string("C42P0142P01") + [0]),
        mild("with an empty SQLSTATE", Hostile.string("SERROR") + Hostile.string("C") + [0]),
        mild(
            "with an SQLSTATE that is no text",
            Hostile.string("SERROR") + [UInt8(ascii: "C"), 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0, 0]),
        mild("whose words are no text", Hostile.string("SERROR") + [UInt8(ascii: "M"), 0xC3, 0x28, 0xFF, 0, 0]),
        mild("with control characters", Hostile.string("SERROR") + Hostile.string("M\u{1B}[31m\u{7}\r\nowned") + [0]),
        mild("with fields that no server has", Hostile.string("?one") + Hostile.string("\u{1}two") + [0]),
        mild(
            "with every field twice", Hostile.string("SERROR") + Hostile.string("SFATAL") + Hostile.string("Mno") + [0]),
        mild(
            "with a position beyond its text", Hostile.string("SERROR") + Hostile.string("P99999999999999999999") + [0]),
        mild(
            "of 512 KiB",
            Hostile.string("SERROR") + Hostile.string("M" + String(repeating: "x", count: 512 << 10)) + [0]),
    ]

    private static func error(_ name: String, _ body: [UInt8]) -> Behaviour {
        .bytes("an error \(name)", .rows, .inRows, none.message("E", body))
    }

    private static func mild(_ name: String, _ body: [UInt8]) -> Behaviour {
        .bytes(
            "an error \(name)", .rows, .inRows, none.message("E", body).ready(), then: .nextFlight,
            .failsUsable([.server]), verbs: [.execute, .rows, .prepared, .pooled])
    }

    private static let asynchronous: [Behaviour] = [
        .bytes("a notice without its end", .rows, .inRows, none.message("N", Array("Mno".utf8))),
        .bytes("a notice of no bytes", .rows, .inRows, none.message("N")),
        .bytes("a parameter without an end", .rows, .inRows, none.message("S", Array("TimeZone".utf8))),
        .bytes("a parameter without a value", .rows, .inRows, none.message("S", Hostile.string("TimeZone"))),
        .bytes("a parameter of three texts", .rows, .inRows, none.message("S", [65, 0, 66, 0, 67, 0])),
        .bytes("a notification of three bytes", .rows, .inRows, none.message("A", [1, 2, 3])),
        .bytes(
            "a notification without its end", .rows, .inRows, none.message("A", Hostile.int32(7) + Array("jobs".utf8))),
        .bytes("another client_encoding", .rows, .inRows, none.parameter("client_encoding", "LATIN1")),
        .bytes(
            "a parameter that is no text", .rows, .inRows, none.message("S", [0xFF, 0, 0xFE, 0]), then: .honesty,
            .either([.protocolViolation]), verbs: [.rows]),
        .bytes(
            "a notification that is no text", .rows, .inRows,
            none.message("A", Hostile.int32(7) + [0xFF, 0, 0xFE, 0]), then: .honesty, .either([.protocolViolation]),
            verbs: [.rows]),
    ]

    private static let sizes: [Behaviour] = [
        .bytes("a tag of 2 MiB", .rows, .inRows, Hostile.announced("C", length: 2 << 20), .tooLarge),
        .bytes(
            "a row above the limit", .rows, .inRows, Hostile.announced("D", length: (64 << 20) + 1, [0, 1]), .tooLarge),
        .bytes("a row of 2 GiB", .rows, .inRows, Hostile.announced("D", length: .max, [0, 1]), .tooLarge),
        .bytes("a notice of a GiB", .rows, .inRows, Hostile.announced("N", length: 1 << 30), .tooLarge),
        .bytes("an error of 65 MiB", .rows, .inRows, Hostile.announced("E", length: 65 << 20), .tooLarge),
        .bytes("a notification of 2 MiB", .rows, .inRows, Hostile.announced("A", length: 2 << 20), .tooLarge),
        .bytes(
            "a description of 2 MiB", .bound, .bound, Hostile.announced("T", length: 2 << 20), .tooLarge,
            verbs: Verb.unprepared),
        .bytes("300 parameters", .rows, .inRows, (0..<300).reduce(none) { $0.parameter("name\($1)", "") }, .tooLarge),
        .bytes(
            "a parameter of 65 KiB", .rows, .inRows, none.parameter("long", String(repeating: "x", count: 65 << 10)),
            .tooLarge),
    ]

    /// An honest answer, byte by byte, and cut within its messages.
    private static let dribbles: [Behaviour] = [
        .inAnswer(
            "the answer byte by byte", .asked, .asked, bytewise(answer), then: .nextFlight, .honest,
            verbs: [.execute, .rows, .first, .pooled]),
        .inAnswer(
            "the answer in pieces of three bytes", .asked, .asked, pieces(answer, 3), then: .nextFlight, .honest,
            verbs: [.execute, .rows, .first, .pooled]),
        .inAnswer(
            "notices byte by byte", .rows, .inRows, bytewise(none.notice("slow").parameter("TimeZone", "UTC").bytes),
            then: .honesty, .honest),
    ]

    private static let answer = BackendBytes.answer(1...2)
    private static func bytewise(_ bytes: [UInt8]) -> [Step] { pieces(bytes, 1) }
    private static func pieces(_ bytes: [UInt8], _ count: Int) -> [Step] {
        stride(from: 0, to: bytes.count, by: count).map { .send(Array(bytes[$0..<min($0 + count, bytes.count)])) }
    }
}
