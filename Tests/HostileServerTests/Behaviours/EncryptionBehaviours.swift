import PostgresStreaming
import PostgresTestSupport
import PostgresTransport

/// Games around TLS: before the handshake, in it, and in its records.
enum EncryptionBehaviours {
    private static let yes = UInt8(ascii: "S")

    static let all = answers + handshakes + records

    /// Full verification of `db.example` at the tests' root.
    @Sendable static func verify(_ configuration: inout PostgresConfiguration) throws {
        guard case .tcp(_, _, let port)? = configuration.endpoints.first else { return }
        configuration.endpoints = [.tcp(host: "db.example", address: "127.0.0.1", port: port)]
        configuration.tls.mode = .verifyFull
        configuration.tls.roots = .file(try TestCertificates.shared.path("root.crt"))
    }

    private static let answers: [Behaviour] = [
        answer("N", [UInt8(ascii: "N")], [.tlsFailed]),
        answer("N with a welcome", [UInt8(ascii: "N")] + BackendBytes.welcome, [.protocolViolation, .tlsFailed]),
        answer("S with a welcome", [yes] + BackendBytes.welcome),
        answer("S with a byte", [yes, 0]),
        answer("S twice", [yes, yes]),
        answer("S with a record of TLS", [yes, 20, 3, 3, 0, 1, 1]),
        answer("G, as to a request for GSS", [UInt8(ascii: "G")]),
        answer("s", [UInt8(ascii: "s")]), answer("0", [0]),
        answer("a request for a password", BackendBytes().authentication(3).bytes),
        answer("text of another protocol", Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)),
        answer(
            "an error", BackendBytes().error("FATAL", "28000", "send it to evil.example").bytes,
            [.connectRefusedByServer]),
        connecting("FIN", .encryptionRequested, [.connectFailed]) { [.expectBytes(8), .close] },
        connecting("RST", .encryptionRequested, [.connectFailed]) { [.expectBytes(8), .reset] },
        connecting("FIN before the request", .accepted, [.connectFailed]) { [.close] },
        connecting("RST before the request", .accepted, [.connectFailed]) { [.reset] },
        connecting("S before the request, with more", .accepted, [.protocolViolation]) {
            [.send([yes] + BackendBytes.welcome), .expectAnyEnd]
        },
    ]

    private static func answer(_ name: String, _ bytes: [UInt8], _ codes: [Code] = [.protocolViolation]) -> Behaviour {
        connecting("answers \(name)", .encryptionRequested, codes) {
            [.answerSSLRequest(bytes), .expectAnyEnd]
        }
    }

    private static func connecting(
        _ name: String, _ state: ProtocolState, _ codes: [Code], _ script: @escaping @Sendable () throws -> [Step]
    ) -> Behaviour {
        Behaviour.connecting(name, state, .fails(codes), script).configured(verify)
    }

    private static let handshakes: [Behaviour] = [
        hello("a Postgres welcome in place of ServerHello", BackendBytes.welcome),
        hello("text in place of ServerHello", Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)),
        hello("zeros in place of ServerHello", [UInt8](repeating: 0, count: 64)),
        hello("a record of 64 KiB", [22, 3, 3, 0xFF, 0xFF] + [UInt8](repeating: 2, count: 70_000)),
        hello("a record of no bytes", [22, 3, 3, 0, 0], [.connectTimedOut]).ended(by: .connecting),
        hello("a record of an unknown type", [99, 3, 3, 0, 1, 1]),
        hello("a record of application data", [23, 3, 3, 0, 4, 1, 2, 3, 4]),
        hello("a ServerHello whose length lies", [22, 3, 3, 0, 8, 2, 0xFF, 0xFF, 0xFF, 3, 3, 0, 0]),
        hello("a record of SSL 2", [0x80, 0x2E, 1, 0, 2]),
        hello("an alert: handshake failure", [21, 3, 3, 0, 2, 2, 40]),
        hello("an alert: close notify", [21, 3, 3, 0, 2, 1, 0]),
        hello("an alert of an unknown kind", [21, 3, 3, 0, 2, 2, 200]),
        connecting("FIN after ClientHello", .handshake, failed) {
            [.answerSSLRequest([yes]), .expectBytes(5), .close]
        },
        connecting("RST after ClientHello", .handshake, failed) {
            [.answerSSLRequest([yes]), .expectBytes(5), .reset]
        },
        connecting("FIN in the middle of ServerHello", .handshake, failed) {
            [.answerSSLRequest([yes]), .beginHandshake, .cut]
        },
        connecting("changes of cipher without end", .handshake, failed) {
            [
                .answerSSLRequest([yes]), .expectBytes(5),
                .flood([UInt8](repeatElement([20, 3, 3, 0, 1, 1], count: 500).joined())),
            ]
        },
        connecting("HelloRequests without end", .handshake, failed) {
            [
                .answerSSLRequest([yes]), .expectBytes(5),
                .flood([UInt8](repeatElement([22, 3, 3, 0, 4, 0, 0, 0, 0], count: 500).joined())),
            ]
        },
        certificate("for another host", .otherName), certificate("that has expired", .expired),
        certificate("signed by itself", .selfSigned),
    ]

    private static let failed: [Code] = [.tlsFailed, .connectFailed]

    private static func hello(_ name: String, _ bytes: [UInt8], _ codes: [Code] = failed) -> Behaviour {
        connecting(name, .handshake, codes) {
            [.answerSSLRequest([yes]), .expectBytes(5), .sendUntilClosed(bytes), .expectAnyEnd]
        }
    }

    private static func certificate(_ name: String, _ certificate: TestCertificates.Server) -> Behaviour {
        connecting("a certificate \(name)", .handshake, [.serverNotVerified]) {
            [.answerSSLRequest([yes]), .tryHandshake, .expectAnyEnd]
        }.with { $0.options.certificate = certificate }
    }

    // MARK: records

    private static let records: [Behaviour] = [
        inRows("a welcome in the clear", [.sendPlain(BackendBytes.welcome), .expectAnyEnd]),
        inRows(
            "rows in the clear",
            [.sendPlain(BackendBytes().rows(3...4).complete("SELECT 4").ready().bytes), .expectAnyEnd]),
        inRows(
            "a record that was not encrypted",
            [.sendPlain([23, 3, 3, 0, 20] + [UInt8](repeating: 7, count: 20)), .expectAnyEnd]),
        inRows(
            "a record of 64 KiB",
            [.sendPlain([23, 3, 3, 0xFF, 0xFF] + [UInt8](repeating: 7, count: 500)), .expectAnyEnd]),
        inRows("an alert in the clear", [.sendPlain([21, 3, 3, 0, 2, 2, 40]), .expectAnyEnd]),
        inRows("half a record, and FIN", [.sendPlain([23, 3, 3, 0, 200, 1, 2, 3]), .cut]),
        inRows("FIN without a good-bye", [.cut]), inRows("RST", [.reset]),
        inRows("a good-bye in the middle of rows", [.close]),
        inRows("a violation", [.sendUntilClosed(BackendBytes().message("!").bytes)], [.protocolViolation]),
        inRows("changes of keys without end", [.floodKeyUpdates], [.connectionLost, .queryTimedOut])
            .with {
                $0.timeMax = .seconds(5)
                $0.configure = {
                    try verify(&$0); $0.queryTimeout = Behaviour.Limit.short
                }
            },
        inRows("another handshake of TLS 1.2", [.renegotiate, .expectAnyEnd], [.connectionLost, .queryTimedOut])
            .with {
                $0.options.versions = .tls12 ... .tls12
                $0.configure = {
                    try verify(&$0); $0.queryTimeout = Behaviour.Limit.short
                }
            },
        encrypted(
            "rows byte by byte", .inRows, BackendBytes().complete("SELECT 2").ready().bytes.map { .send([$0]) },
            then: .nextFlight, .honest
        ).with { $0.verbs = [.rows] },
        encrypted("a change of keys", .inRows, [.updateKeys], then: .honesty, .honest),
    ]

    private static func inRows(_ name: String, _ steps: [Step], _ codes: [Code] = [.connectionLost]) -> Behaviour {
        encrypted(name, .inRows, steps, then: .silence, .fails(codes))
    }

    private static func encrypted(
        _ name: String, _ point: HonestBackend.Point, _ steps: [Step], then continuation: HonestBackend.Continuation,
        _ expected: Expectation
    ) -> Behaviour {
        Behaviour.connecting(name, .records, expected, verbs: [.rows, .transaction]) {
            let hook = HonestBackend.Hook(point: point, steps: steps, continuation: continuation)
            return [.answerSSLRequest([yes]), .handshake] + HonestBackend.script(hook)
        }.with {
            $0.configure = verify
            // A request to cancel is encrypted too.
            $0.further = [.answerSSLRequest([yes]), .tryHandshake, .close]
        }
    }
}
