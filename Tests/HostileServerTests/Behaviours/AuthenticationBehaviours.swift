import PostgresStreaming
import PostgresTestSupport

/// A server that asks for the wrong proof, or does not give its own.
enum AuthenticationBehaviours {
    private typealias Script = AuthenticationScript

    static let all = requests + challenges + outcomes + passwords + tokens

    private static let requests: [Behaviour] = [
        asks("Kerberos", 2), asks("for the password in the clear", 3), asks("for a hash by crypt", 4),
        asks("for MD5", 5, [1, 2, 3, 4]), asks("for SCM credentials", 6), asks("for GSS", 7), asks("for SSPI", 9),
        asks("for what does not exist", 99), asks("for what is negative", -1),
        asks("for SASL without mechanisms", 10, [0]),
        asks("for SASL by SCRAM-SHA-1", 10, Script.list(["SCRAM-SHA-1"])),
        asks("for SASL by a mechanism without a name", 10, [0, 0], [.protocolViolation]),
        asks("for SASL by a hundred mechanisms", 10, Script.list((0..<100).map { "MECHANISM-\($0)" })),
        asks("for MD5 with a salt of three bytes", 5, [1, 2, 3], [.protocolViolation]),
        asks("for MD5 with a salt of five bytes", 5, [1, 2, 3, 4, 5], [.protocolViolation]),
        asks("for SASL in a list without its end", 10, Array("SCRAM-SHA-256\0".utf8), [.protocolViolation]),
        asks("for SASL in a name without its end", 10, Array("SCRAM-SHA-256".utf8), [.protocolViolation]),
        asks("for SASL with bytes after the list", 10, Script.list(["SCRAM-SHA-256"]) + [1], [.protocolViolation]),
        asks("for a binding to TLS, which there is not", 10, Script.list(["SCRAM-SHA-256-PLUS"]), [.serverNotVerified]),
        asks("with a challenge to what was not begun", 11, Array("r=ab".utf8), [.serverNotVerified]),
        asks("with an outcome of what was not begun", 12, Array("v=ab".utf8), [.serverNotVerified]),
        asks("with a token of GSS", 8, [1, 2, 3], [.serverNotVerified]),
        asks("for the password with bytes after it", 3, [1], [.protocolViolation]),
        .connecting("nothing, where a proof is required", .started, .fails([.authenticationMethodRefused])) {
            [.expectStartup, .send(BackendBytes.welcome), .expectAnyEnd]
        }.configured { $0.allowedAuthentication = [.scramSHA256] },
    ]

    private static func asks(
        _ name: String, _ code: Int32, _ data: [UInt8] = [], _ codes: [Code] = [.authenticationMethodRefused]
    ) -> Behaviour {
        .connecting("asks \(name)", .started, .fails(codes)) {
            [.expectStartup, Script.ask(code, data), .expectAnyEnd]
        }
    }

    private static let challenges: [Behaviour] = [
        challenge("AuthenticationOk", [.serverNotVerified]) { _ in BackendBytes.welcome },
        challenge("a request for the password", [.serverNotVerified]) { _ in BackendBytes().authentication(3).bytes },
        challenge("a request for MD5", [.serverNotVerified]) { _ in
            BackendBytes().authentication(5, [1, 2, 3, 4]).bytes
        },
        challenge("the offer again", [.serverNotVerified]) { _ in
            BackendBytes().authentication(10, Script.list(["SCRAM-SHA-256"])).bytes
        },
        challenge("the outcome", [.serverNotVerified]) { _ in
            BackendBytes().authentication(12, Array("v=AAAA".utf8)).bytes
        },
        challenge("a parameter", [.protocolViolation]) { _ in BackendBytes().parameter("TimeZone", "UTC").bytes },
        first("another nonce", { "r=other" + $0.dropFirst(2) }),
        first("the client's nonce alone", { $0.replacing("server,", with: ",") }),
        first("no iterations", { $0.replacing("i=4096", with: "i=0") }),
        first("-1 iterations", { $0.replacing("i=4096", with: "i=-1") }),
        first(
            "more iterations than a number holds", { $0.replacing("i=4096", with: "i=99999999999999999999") },
            [.authenticationMethodRefused]),
        first("iterations that are no number", { $0.replacing("i=4096", with: "i=many") }),
        first("no salt", { $0.replacing("s=", with: "x=") }),
        first("a salt that is no Base64", { $0.replacing("s=", with: "s=*") }),
        first("an extension that has to be known", { "m=x," + $0 }),
        first("an error", { _ in "e=other-error" }),
        first("nothing", { _ in "" }),
        first("bytes that are no text", { _ in "\u{0}\u{1}\u{2}" }),
        first("one iteration", { $0.replacing("i=4096", with: "i=1") }, [.authenticationMethodRefused]),
        first("a billion iterations", { $0.replacing("i=4096", with: "i=1000000000") }, [.authenticationMethodRefused]),
    ]

    private static func challenge(
        _ name: String, _ codes: [Code], _ bytes: @escaping @Sendable (ScriptedServer.FrontendFrame) -> [UInt8]
    ) -> Behaviour {
        .connecting("\(name) in place of the challenge", .saslOffered, .fails(codes)) {
            [.expectStartup, Script.offer, .expect("p"), .answer(bytes), .expectAnyEnd]
        }
    }

    private static func first(
        _ name: String, _ change: @escaping @Sendable (String) -> String, _ codes: [Code] = [.serverNotVerified]
    ) -> Behaviour {
        .connecting("a challenge with \(name)", .saslOffered, .fails(codes)) {
            try Script.scram(first: change).dropLast(2) + [.expectAnyEnd]
        }
    }

    private static let outcomes: [Behaviour] = [
        final("a wrong signature", { _ in "v=" + String(repeating: "A", count: 43) + "=" }),
        final("an empty signature", { _ in "v=" }), final("nothing", { _ in "" }),
        final("an error", { _ in "e=invalid-proof" }),
        final("a signature that is cut off", { String($0.dropLast(4)) }),
        final("two signatures", { $0 + "," + $0 }),
        proven("AuthenticationOk", BackendBytes.welcome),
        proven("another challenge", BackendBytes().authentication(11, Array("r=ab,s=AAEC,i=4096".utf8)).bytes),
        proven("a request for the password", BackendBytes().authentication(3).bytes),
        proven("ReadyForQuery", BackendBytes().ready().bytes, [.protocolViolation]),
        verified("the outcome again", BackendBytes().authentication(12, Array("v=AAAA".utf8)).bytes),
        verified("the offer again", BackendBytes().authentication(10, Script.list(["SCRAM-SHA-256"])).bytes),
        verified(
            "a challenge with another salt", BackendBytes().authentication(11, Array("r=ab,s=AAEC,i=4096".utf8)).bytes),
        verified("a request for the password", BackendBytes().authentication(3).bytes),
        verified("ReadyForQuery", BackendBytes().ready().bytes, [.protocolViolation]),
        verified("rows", BackendBytes().rows(1...2).bytes, [.protocolViolation]),
        verified("a refusal", BackendBytes().error("FATAL", "28P01", "no").bytes, [.authenticationFailed]),
        .connecting("an honest exchange", .saslVerified, .honest, verbs: [.connect, .rows]) {
            try Script.scram() + [.send(BackendBytes.welcome), HonestBackend.serve()]
        },
    ]

    private static func final(
        _ name: String, _ change: @escaping @Sendable (String) -> String, _ codes: [Code] = [.serverNotVerified]
    ) -> Behaviour {
        .connecting("an outcome with \(name)", .saslProven, .fails(codes)) {
            try Script.scram(final: change) + [.sendUntilClosed(BackendBytes.welcome), .expectAnyEnd]
        }
    }

    private static func proven(
        _ name: String, _ bytes: [UInt8], _ codes: [Code] = [.serverNotVerified]
    ) -> Behaviour {
        .connecting("\(name) in place of the outcome", .saslProven, .fails(codes)) {
            try Script.scram().dropLast() + [.sendUntilClosed(bytes), .expectAnyEnd]
        }
    }

    private static func verified(
        _ name: String, _ bytes: [UInt8], _ codes: [Code] = [.serverNotVerified]
    ) -> Behaviour {
        .connecting("\(name) in place of AuthenticationOk", .saslVerified, .fails(codes)) {
            try Script.scram() + [.sendUntilClosed(bytes), .expectAnyEnd]
        }
    }

    private static let passwords: [Behaviour] = [
        md5("SCRAM's offer", BackendBytes().authentication(10, Script.list(["SCRAM-SHA-256"])).bytes),
        md5("a request for the password", BackendBytes().authentication(3).bytes),
        md5("MD5 with another salt", BackendBytes().authentication(5, [5, 6, 7, 8]).bytes),
        md5("SCRAM's challenge", BackendBytes().authentication(11, Array("r=ab".utf8)).bytes),
        md5("SCRAM's outcome", BackendBytes().authentication(12, Array("v=ab".utf8)).bytes),
        md5("ReadyForQuery", BackendBytes().ready().bytes, [.protocolViolation]),
        md5(
            "a refusal without an SQLSTATE", BackendBytes().message("E", Hostile.string("Mno") + [0]).bytes,
            [.connectRefusedByServer, .authenticationFailed]),
    ]

    private static func md5(_ name: String, _ bytes: [UInt8], _ codes: [Code] = [.serverNotVerified]) -> Behaviour {
        .connecting("\(name) after MD5", .passwordSent, .fails(codes)) {
            [.expectStartup, Script.ask(5, [1, 2, 3, 4]), .expect("p"), .sendUntilClosed(bytes), .expectAnyEnd]
        }.configured { $0.allowedAuthentication = [.md5, .password, .scramSHA256] }
    }

    private static let tokens: [Behaviour] = [
        token("AuthenticationOk twice", BackendBytes().authentication(0).authentication(0).bytes, [.serverNotVerified]),
        token(
            "a challenge that is no JSON", BackendBytes().authentication(11, Array("{".utf8)).bytes,
            [.protocolViolation, .serverNotVerified, .authenticationFailed]),
        token("an outcome", BackendBytes().authentication(12).bytes),
        token("a request for the password", BackendBytes().authentication(3).bytes),
        token("SCRAM's offer", BackendBytes().authentication(10, Script.list(["SCRAM-SHA-256"])).bytes),
    ]

    private static func token(_ name: String, _ bytes: [UInt8], _ codes: [Code] = [.serverNotVerified]) -> Behaviour {
        .connecting("\(name) after a token", .tokenSent, .fails(codes)) {
            [
                .answerSSLRequest([UInt8(ascii: "S")]), .handshake, .expectStartup,
                Script.ask(10, Script.list(["OAUTHBEARER"])), .expect("p"), .sendUntilClosed(bytes), .expectAnyEnd,
            ]
        }.configured { configuration in
            try EncryptionBehaviours.verify(&configuration)
            configuration.allowedAuthentication = [.oauth]
            configuration.oauth.issuer = "https://issuer.example"
            configuration.tokenProvider = { _ in PostgresConfiguration.BearerToken("token") }
        }
    }
}
