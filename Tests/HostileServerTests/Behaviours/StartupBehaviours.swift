import PostgresStreaming
import PostgresTestSupport

/// What comes in place of a server's first words, and between AuthenticationOk and the first ReadyForQuery.
enum StartupBehaviours {
    private static let none = Hostile.none
    private static let ok = BackendBytes().authentication(0)

    static let all = greetings + refusals + versions + accepting + odd

    private static let greetings: [Behaviour] = [
        greeting("an HTTP server", Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)),
        greeting("an SSH server", Array("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n".utf8)),
        greeting("a MySQL server", [0x4A, 0, 0, 0, 0x0A, 0x38, 0x2E, 0x30, 0, 1, 2, 3]),
        greeting("an alert of TLS", [0x15, 3, 3, 0, 2, 2, 40]),
        greeting("256 bytes of zero", [UInt8](repeating: 0, count: 256)),
        greeting("256 bytes of 255", [UInt8](repeating: 255, count: 256)),
        greeting("ReadyForQuery", none.ready().bytes),
        greeting("a cancel key", none.message("K", Hostile.int32(1) + Hostile.int32(2)).bytes),
        greeting("rows", none.rows(1...2).bytes),
        greeting("a parameter", none.parameter("server_version", "17.0").bytes),
        greeting("a description", BackendBytes.beginning.bytes),
        greeting("a request of a length of 3", Hostile.announced("R", length: 3).bytes),
        greeting("a request without a code", none.message("R").bytes),
        greeting("a request of a negative length", Hostile.announced("R", length: -8).bytes),
        greeting("an error of 1 MiB", Hostile.announced("E", length: 1 << 20).bytes, [.messageTooLarge]),
        greeting("a notice of 1 MiB", Hostile.announced("N", length: 1 << 20).bytes, [.messageTooLarge]),
        greeting("a request of 5,000 bytes", Hostile.announced("R", length: 5_000).bytes, [.messageTooLarge]),
    ]

    private static func greeting(
        _ name: String, _ bytes: [UInt8], _ codes: [Code] = [.protocolViolation]
    ) -> Behaviour {
        .connecting(name, .started, .fails(codes)) { [.expectStartup, .sendUntilClosed(bytes), .expectAnyEnd] }
    }

    private static let refusals: [Behaviour] = [
        refusal(
            "an error of protocol 2", Array("Ecould not fork new process: no memory\n\0".utf8),
            [.connectRefusedByServer]),
        refusal(
            "an error without an SQLSTATE",
            none.message("E", Hostile.string("SFATAL") + Hostile.string("Mno") + [0]).bytes,
            [.connectRefusedByServer]),
        refusal("an error of no fields", none.message("E", [0]).bytes, [.connectRefusedByServer]),
        refusal("an error that is only an ERROR", Hostile.error.bytes, [.connectRefusedByServer]),
        refusal(
            "an error whose SQLSTATE is no text",
            none.message("E", [UInt8(ascii: "C"), 0xFF, 0xFE, 0xFD, 0xFC, 0xFB, 0, 0]).bytes, [.connectRefusedByServer]),
        refusal("an error without its end", none.message("E", Array("SFATAL\0Mno".utf8)).bytes, [.protocolViolation]),
        refusal(
            "an error of 60,000 bytes of field codes",
            none.message("E", [UInt8](repeating: 1, count: 60_000)).bytes, [.protocolViolation]),
        refusal("too many clients", none.error("FATAL", "53300", "too many clients").bytes, [.connectRefusedByServer]),
        refusal("starting up", none.error("FATAL", "57P03", "starting up").bytes, [.connectRefusedByServer]),
    ]

    private static func refusal(_ name: String, _ bytes: [UInt8], _ codes: [Code]) -> Behaviour {
        .connecting(name, .started, .fails(codes)) { [.expectStartup, .sendUntilClosed(bytes), .close] }
    }

    private static let versions: [Behaviour] = [
        version("of protocol 2.0", Hostile.int32(2 << 16) + Hostile.int32(0)),
        version("of protocol 3.0, which was asked for", Hostile.int32(3 << 16) + Hostile.int32(0)),
        version("of protocol 9.9", Hostile.int32(9 << 16 | 9) + Hostile.int32(0)),
        version("of a negative version", Hostile.int32(-1) + Hostile.int32(0)),
        version(
            "with an option that was not sent", Hostile.int32(3 << 16) + Hostile.int32(1) + Hostile.string("_pq_.x")),
        version("that counts more options than it has", Hostile.int32(3 << 16) + Hostile.int32(.max)),
        version("that counts -1 options", Hostile.int32(3 << 16) + Hostile.int32(-1)),
        version("of three bytes", [0, 3, 0]),
    ]

    private static func version(_ name: String, _ body: [UInt8]) -> Behaviour {
        .connecting("a negotiation \(name)", .started, .fails([.protocolViolation, .protocolVersionRefused])) {
            [.expectStartup, .sendUntilClosed(BackendBytes().message("v", body).bytes), .expectAnyEnd]
        }
    }

    private static let accepting: [Behaviour] = [
        after("AuthenticationOk twice", ok.authentication(0), [.protocolViolation]),
        after("a request for a password after AuthenticationOk", ok.authentication(3), [.protocolViolation]),
        after("rows", ok.rows(1...2), [.protocolViolation]),
        after("CommandComplete", ok.complete("SELECT 0"), [.protocolViolation]),
        after("a description", ok.message("T", Hostile.int16(0)), [.protocolViolation]),
        after("CopyInResponse", ok.message("G", [0, 0, 0]), [.protocolViolation]),
        after("a key of no bytes", ok.message("K"), [.protocolViolation]),
        after("a key of three bytes", ok.message("K", Hostile.int32(1) + [1, 2, 3]), [.protocolViolation]),
        after("a key without a secret", ok.message("K", Hostile.int32(1)), [.protocolViolation]),
        after(
            "a key of 32 bytes for protocol 3.0", ok.message("K", [UInt8](repeating: 1, count: 36)),
            [.protocolViolation]),
        after("a key of 300 bytes", ok.message("K", [UInt8](repeating: 1, count: 304)), [.protocolViolation]),
        after("another client_encoding", ok.parameter("client_encoding", "LATIN1"), [.protocolViolation]),
        after("300 parameters", (0..<300).reduce(ok) { $0.parameter("name\($1)", "value") }, [.messageTooLarge]),
        after("a parameter without a value", ok.message("S", Hostile.string("TimeZone")), [.protocolViolation]),
        after("an unknown transaction status", ok.ready("x"), [.protocolViolation]),
        after("an unknown message", ok.message("!"), [.protocolViolation]),
        after("a farewell", ok.error("FATAL", "57P01", "terminating connection"), [.connectRefusedByServer]),
        after("an error that is only an ERROR", ok.error("ERROR", "42501", "no"), [.connectRefusedByServer]),
        after("another negotiation", ok.message("v", Hostile.int32(3 << 16) + Hostile.int32(0)), [.protocolViolation]),
    ]

    private static func after(_ name: String, _ bytes: BackendBytes, _ codes: [Code]) -> Behaviour {
        .connecting(name, .accepting, .fails(codes)) {
            [.expectStartup, .sendUntilClosed(bytes.bytes), .expectAnyEnd]
        }
    }

    /// What is odd and does no harm.
    private static let odd: [Behaviour] = [
        welcome(
            "two cancel keys",
            ok.message("K", Hostile.int32(1) + Hostile.int32(2))
                .message("K", Hostile.int32(3) + Hostile.int32(4)).ready()),
        welcome("no key and no parameters", ok.ready()),
        welcome("a notification", ok.message("A", Hostile.int32(7) + [0, 0]).ready()),
        welcome("a thousand notices", (0..<1000).reduce(ok) { bytes, _ in bytes.notice("hello") }.ready()),
        .connecting("the welcome byte by byte", .accepting, .honest, verbs: [.connect, .rows]) {
            [.expectStartup] + BackendBytes.welcome.map { .send([$0]) } + [HonestBackend.serve()]
        },
    ]

    private static func welcome(_ name: String, _ bytes: BackendBytes) -> Behaviour {
        .connecting(name, .accepting, .honest, verbs: [.connect, .rows, .transaction]) {
            [.expectStartup, .send(bytes.bytes), HonestBackend.serve()]
        }
    }
}
