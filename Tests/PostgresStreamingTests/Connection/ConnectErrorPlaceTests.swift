import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Whatever keeps a connection from opening, the error says which server it was, once for each attempt.
@Suite(.timeLimit(.minutes(1))) struct ConnectErrorPlaceTests {
    /// A way in which connecting can fail.
    struct Failing: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let script: [Step]
        var change: @Sendable (inout PostgresConfiguration) -> Void = { _ in }

        init(
            _ name: String, _ script: [Step],
            _ change: @escaping @Sendable (inout PostgresConfiguration) -> Void = { _ in }
        ) {
            testDescription = name
            self.script = script
            self.change = change
        }
    }

    private static func refusal(_ sqlState: String, after bytes: BackendBytes = BackendBytes()) -> [Step] {
        [.expectStartup, .send(bytes.error("FATAL", sqlState, "the server's words").bytes), .expectEnd]
    }

    private static func begins(_ bytes: [UInt8]) -> [Step] { [.expectStartup, .send(bytes), .expectEnd] }

    private static let asksForPassword: [Step] = [.expectStartup, AuthenticationScript.ask(3), .expectEnd]

    private static let refusals: [Failing] = [
        Failing("no entry in pg_hba.conf", refusal("28000")),
        Failing("a wrong password", AuthenticationScript.refusesPassword) { $0.allowedAuthentication = [.password] },
        Failing("no such database", refusal("3D000", after: BackendBytes().authentication(0))),
        Failing("starting up", refusal("57P03")),
        Failing("too many connections", refusal("53300")),
        Failing("an error without a frame", begins(Array("Ecould not fork\n\0".utf8))),
        Failing("a method that is missing", [.expectStartup, AuthenticationScript.ask(7), .expectEnd]),
        Failing("a method that is not allowed", asksForPassword),
        Failing(
            "SASL without a known mechanism",
            [
                .expectStartup, AuthenticationScript.ask(10, AuthenticationScript.list(["OAUTHBEARER"])), .expectEnd,
            ]),
        Failing("no authentication", begins(BackendBytes.welcome)) { $0.allowedAuthentication = [.md5] },
        Failing("an end", [.close]),
        Failing("a reset", [.expectStartup, .reset]),
    ]

    private static let violations: [Failing] = [
        Failing("bytes of no protocol", begins(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))),
        Failing("a message out of its order", begins(BackendBytes().ready().bytes)),
        Failing("a message that is too long", begins([UInt8(ascii: "R"), 0x7F, 0xFF, 0xFF, 0xFF])),
        Failing("SCRAM out of its order", begins(BackendBytes().authentication(12, Array("v=x".utf8)).bytes)),
        Failing(
            "another encoding",
            begins(
                BackendBytes().authentication(0).parameter("client_encoding", "LATIN1").bytes)),
        Failing(
            "an older protocol",
            begins(
                BackendBytes().message("v", BackendBytes.int32(3 << 16) + BackendBytes.int32(0)).bytes)
        ) { $0.protocolVersions = .v3_2 ... .v3_2 },
        Failing("an error about the protocol", refusal("0A000")) { $0.protocolVersions = .v3_2 ... .v3_2 },
        Failing("no TLS", [.send(Array("N".utf8)), .expectEnd]) { $0.tls.mode = .require },
        Failing("an error in place of TLS", [.send(BackendBytes().error("FATAL", "0A000", "x").bytes), .expectEnd]) {
            $0.tls.mode = .require
        },
        Failing("an answer that is none", [.send(Array("?".utf8)), .expectEnd]) { $0.tls.mode = .require },
        Failing("an alert", [.send(Array("S".utf8) + [21, 3, 3, 0, 2, 2, 40]), .expectEnd]) { $0.tls.mode = .require },
        Failing("no client certificate to show", [.expectEnd]) {
            ($0.tls.mode, $0.tls.certificateMode) = (.disable, .require)
        },
    ]

    private static let ours: [Failing] = [
        Failing("no password", asksForPassword) {
            $0.allowedAuthentication = [.password]
            $0.password = nil
        },
        Failing("a password with a NUL", asksForPassword) {
            $0.allowedAuthentication = [.password]
            $0.password = "a\0b"
        },
        Failing("a provider that fails", asksForPassword) {
            struct Failure: Error {}
            $0.allowedAuthentication = [.password]
            $0.password = nil
            $0.passwordProvider = { _ in throw Failure() }
        },
        Failing("roots that are not there", [.send(Array("S".utf8)), .expectEnd]) {
            $0.tls.mode = .verifyFull
            $0.tls.roots = .file("/nonexistent")
        },
        Failing("no roots at all", [.expectEnd]) { $0.tls.mode = .verifyFull },
        Failing("a parameter that is not the user's", [.expectEnd]) { $0.runtimeParameters = ["user": "x"] },
        Failing(
            "a primary where a standby is wanted",
            [
                .expectStartup,
                .send(
                    BackendBytes().authentication(0).parameter("in_hot_standby", "off")
                        .parameter("default_transaction_read_only", "off").message("K", [0, 0, 0, 1, 0, 0, 0, 2])
                        .ready()
                        .bytes), .expectEnd,
            ]
        ) { $0.targetSession = .standby },
    ]

    @Test(arguments: refusals + violations + ours)
    func `an error of connecting begins with the server's name, and names it once`(failing: Failing) async throws {
        try await ScriptedServer.run(failing.script) { server in
            var configuration = try PostgresConfiguration(connectionString: server.url, environment: .none)
            failing.change(&configuration)
            let error = await failure { [configuration] in try await PostgresConnection.connect(configuration) }
            let message = try #require(error?.message)
            let verb = error?.code == .targetSessionMismatch ? "could not use" : "could not connect to"
            #expect(message.hasPrefix("\(verb) 127.0.0.1:\(server.port): "), "\(message)")
            #expect(message.ranges(of: "127.0.0.1:\(server.port)").count == 1, "\(message)")
            #expect(!message.contains("connection closed") && !message.contains("\n"), "\(message)")
            #expect(!printed(error).contains(TestListener.password))
        }
    }

    @Test(arguments: Stall.allCases)
    func `so does one about an end at any step, as one about the time`(stall: Stall) async throws {
        try await ScriptedServer.run(scripts: [stall.script() + [.close]]) { server in
            var configuration = try stall.configuration(server.url)
            // What this side does takes until then.
            configuration.connectTimeout = .milliseconds(500)
            let error = await failure { [configuration] in try await PostgresConnection.connect(configuration) }
            #expect(error?.message.hasPrefix("could not connect to 127.0.0.1:\(server.port): ") == true)
        }
    }

    @Test func `each of several servers is named with its own error`() async throws {
        try await ScriptedServer.run(Self.refusal("57P03")) { starting in
            try await ScriptedServer.run(Self.refusal("28000")) { refusing in
                var configuration = try PostgresConfiguration(connectionString: starting.url, environment: .none)
                configuration.endpoints += [
                    .tcp(host: "127.0.0.1", port: 1), .tcp(host: "127.0.0.1", port: refusing.port),
                    .tcp(host: "127.0.0.1", port: 2),
                ]
                let error = await failure { [configuration] in try await PostgresConnection.connect(configuration) }
                #expect(
                    error?.message
                        == "could not connect to 127.0.0.1:\(starting.port): the server's words; "
                        + "could not connect to 127.0.0.1:1: connect: connection refused; "
                        + "could not connect to 127.0.0.1:\(refusing.port): the server's words")
                #expect(error?.code == .authenticationFailed && error?.sqlState?.rawValue == "28000")
            }
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a real server's refusal names the server, and keeps the server's fields`(live: LiveServer) async throws {
        let server = try await live.startAnother { $0.accessRules = ["host all nobody 127.0.0.1/32 reject"] }
        let url = server.tcpURL(user: "nobody", password: TestListener.password)
        let error = await failure { try await PostgresConnection.connect(url) }
        let place = "could not connect to 127.0.0.1:\(server.port): "
        #expect(error?.message.hasPrefix(place + "pg_hba.conf rejects connection for host") == true)
        #expect(error?.server?.message.map { place + $0 } == error?.message)
        #expect(error?.code == .authenticationFailed && error?.sqlState == .invalidAuthorizationSpecification)
        #expect(!printed(error).contains(TestListener.password))
        await server.stop()
    }
}
