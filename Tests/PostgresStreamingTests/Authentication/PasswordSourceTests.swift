import PostgresStreaming
import PostgresTestSupport
import PostgresTransport
import Testing

@Suite(.timeLimit(.minutes(1))) struct PasswordSourceTests {
    private typealias Script = AuthenticationScript

    private struct Failure: Error, CustomStringConvertible {
        let description = "token-geheim-0815"
    }

    /// A provider that counts how often it is asked.
    private final class Provider: Sendable {
        private let state = Locked<[PostgresConfiguration.PasswordRequest]>([])
        let password: String

        init(_ password: String = TestListener.password) { self.password = password }

        var requests: [PostgresConfiguration.PasswordRequest] { state.withLock { $0 } }

        func answer(_ request: PostgresConfiguration.PasswordRequest) -> String {
            state.withLock { $0.append(request) }
            return password
        }
    }

    private func configuration(
        _ server: ScriptedServer, _ parameters: String = "require_auth=password,none,md5,scram-sha-256"
    ) throws -> PostgresConfiguration {
        var configuration = try PostgresConfiguration(
            connectionString: server.url(parameters), environment: .none)
        configuration.password = nil
        return configuration
    }

    // MARK: order

    @Test func `the password goes before the provider, the provider before the file`() async throws {
        try await TemporaryDirectory.with { directory in
            try TemporaryDirectory.write("*:*:*:*:from-the-file", to: "\(directory)/pgpass")
            try await ScriptedServer.run(
                Script.asksForPassword(3), Script.asksForPassword(3), Script.asksForPassword(3)
            ) { server in
                let provider = Provider("from-the-provider")
                var configuration = try configuration(server)
                configuration.password = "from-the-property"
                configuration.passwordProvider = { provider.answer($0) }
                configuration.passwordFile = "\(directory)/pgpass"
                _ = try await PostgresConnection.connect(configuration)
                #expect(provider.requests.isEmpty)
                configuration.password = ""
                _ = try await PostgresConnection.connect(configuration)
                #expect(provider.requests.count == 1)
                configuration.passwordProvider = nil
                _ = try await PostgresConnection.connect(configuration)
                for (transcript, source) in zip(server.transcripts, ["property", "provider", "file"]) {
                    #expect(transcript.contains("from-the-\(source)\0"))
                }
            }
        }
    }

    @Test func `keys go before every password where the server asks for SCRAM`() async throws {
        let script = try Script.scram() + [.send(BackendBytes.welcome), .expectEnd]
        try await ScriptedServer.run(script) { server in
            let provider = Provider("wrong")
            var configuration = try configuration(server)
            configuration.password = "wrong"
            configuration.passwordProvider = { provider.answer($0) }
            configuration.scramKeys = try Self.keys()
            _ = try await PostgresConnection.connect(configuration)
            #expect(provider.requests.isEmpty)
        }
    }

    @Test func `keys are no answer to a request for a password, which the password is`() async throws {
        try await ScriptedServer.run(
            Script.asksForPassword(3), [.expectStartup, Script.ask(3), .expectEnd]
        ) { server in
            var configuration = try configuration(server)
            configuration.password = TestListener.password
            configuration.scramKeys = try Self.keys()
            _ = try await PostgresConnection.connect(configuration)
            configuration.password = nil
            let error = await failure { try await PostgresConnection.connect(configuration) }
            #expect(error?.code == .authenticationFailed)
            #expect(error?.reason == "the server asks for a password and none was given")
            #expect(error?.hint == "SCRAM keys answer SCRAM-SHA-256 only.")
        }
    }

    private static func keys() throws -> PostgresConfiguration.SCRAMKeys {
        let keys = try SCRAMServer(password: TestListener.password).keyBytes
        return try #require(PostgresConfiguration.SCRAMKeys(clientKey: keys.client, serverKey: keys.server))
    }

    @Test func `a NUL in a password is refused before it is sent`() async throws {
        for code in [3, 5, 10] as [Int32] {
            let data = code == 5 ? [1, 2, 3, 4] : Script.list(["SCRAM-SHA-256"])
            try await ScriptedServer.run([.expectStartup, Script.ask(code, code == 3 ? [] : data), .expectEnd]) {
                server in
                var configuration = try configuration(server)
                configuration.password = "geheim\0er"
                let error = await failure { try await PostgresConnection.connect(configuration) }
                #expect(error?.code == .configurationInvalid)
                #expect(!server.transcripts[0].contains("geheim"))
            }
        }
    }

    // MARK: the provider

    @Test func `a provider is asked once for a connection, and told for whom`() async throws {
        let scram = try Script.scram() + [.send(BackendBytes.welcome), .expectEnd]
        try await ScriptedServer.run(
            Script.asksForPassword(3), Script.asksForPassword(5, [1, 2, 3, 4]), scram
        ) { server in
            let provider = Provider()
            var configuration = try configuration(server)
            configuration.passwordProvider = { provider.answer($0) }
            for _ in 0..<3 { _ = try await PostgresConnection.connect(configuration) }
            #expect(provider.requests.count == 3)
            let request = try #require(provider.requests.first)
            #expect(request.endpoint == .tcp(host: "127.0.0.1", port: server.port))
            #expect(request.user == "tester")
            #expect(request.database == "shop")
        }
    }

    @Test func `a provider is not asked where no password is wanted, or none in this way`() async throws {
        let refused: [Step] = [.expectStartup, Script.ask(3), .expectEnd]
        try await ScriptedServer.run(script(.welcome, [.expectEnd]), refused) { server in
            let provider = Provider()
            var configuration = try configuration(server, "")
            configuration.passwordProvider = { provider.answer($0) }
            _ = try await PostgresConnection.connect(configuration)
            let error = await failure { try await PostgresConnection.connect(configuration) }
            #expect(error?.code == .authenticationMethodRefused)
            #expect(provider.requests.isEmpty)
        }
    }

    @Test func `a provider that fails says so without its words`() async throws {
        try await ScriptedServer.run([.expectStartup, Script.ask(3), .expectEnd]) { server in
            var configuration = try configuration(server)
            configuration.passwordProvider = { _ in throw Failure() }
            let error = await failure { try await PostgresConnection.connect(configuration) }
            #expect(error?.code == .passwordUnavailable)
            #expect(error?.reason == "the password provider failed with an error of type Failure")
            #expect(error?.hint == "What the error says is left out here; log it where it is thrown.")
            #expect(error?.isRetrySafe == true)
            #expect(!printed(error).contains("geheim"))
        }
    }

    @Test func `an empty password of a provider is not sent`() async throws {
        try await ScriptedServer.run([.expectStartup, Script.ask(3), .expectEnd]) { server in
            var configuration = try configuration(server)
            configuration.passwordProvider = { _ in "" }
            let error = await failure { try await PostgresConnection.connect(configuration) }
            #expect(error?.code == .passwordUnavailable)
            #expect(error?.reason == "the password provider gave an empty password")
        }
    }

    @Test func `a provider that takes too long fails the attempt, and is cancelled`() async throws {
        try await ScriptedServer.run([.expectStartup, Script.ask(3), .expectEnd]) { server in
            let (never, wasCancelled) = (Gate(), Gate())
            var configuration = try configuration(server)
            configuration.connectTimeout = .milliseconds(200)
            configuration.passwordProvider = { _ in
                await never.wait()
                if Task.isCancelled { wasCancelled.open() }
                return "late"
            }
            let error = await failure { try await PostgresConnection.connect(configuration) }
            #expect(error?.code == .connectTimedOut)
            #expect(error?.message.hasSuffix("time ran out while waiting for the password provider") == true)
            await wasCancelled.wait()
            #expect(!server.transcripts[0].contains("late"))
        }
    }

    @Test func `a provider that heeds nothing does not hold up a cancelled attempt`() async throws {
        try await ScriptedServer.run([.expectStartup, Script.ask(3), .expectEnd]) { server in
            let (asked, release) = (Gate(), Gate())
            var configuration = try configuration(server)
            configuration.passwordProvider = { _ in
                asked.open()
                return await Task.detached {
                    await release.wait()
                    return "late"
                }.value
            }
            let attempt = Task { [configuration] in
                await failure { try await PostgresConnection.connect(configuration) }
            }
            await asked.wait()
            attempt.cancel()
            #expect(await attempt.value?.code == .cancelled)
            release.open()
        }
    }

    @Test func `a password that the provider gave and the server refused is said to be the provider's`() async throws {
        try await ScriptedServer.run(Script.refusesPassword) { server in
            let provider = Provider()
            var configuration = try configuration(server)
            configuration.passwordProvider = { provider.answer($0) }
            let error = await failure { try await PostgresConnection.connect(configuration) }
            #expect(error?.code == .authenticationFailed)
            #expect(error?.hint == "The password came from the password provider.")
            #expect(!printed(error).contains(TestListener.password))
        }
    }

    // MARK: the file

    @Test func `a password that the file gave and the server refused is said to be the file's`() async throws {
        try await TemporaryDirectory.with { directory in
            let path = "\(directory)/pgpass"
            try TemporaryDirectory.write("127.0.0.1:*:shop:tester:\(TestListener.password)", to: path)
            try await ScriptedServer.run(Script.refusesPassword) { server in
                var configuration = try configuration(server)
                configuration.passwordFile = path
                let error = await failure { try await PostgresConnection.connect(configuration) }
                #expect(error?.code == .authenticationFailed)
                #expect(error?.hint == "The password came from the file \"\(path)\".")
                #expect(!printed(error).contains(TestListener.password))
            }
        }
    }

    @Test func `a file that must not be used is the hint`() async throws {
        try await TemporaryDirectory.with { directory in
            let path = "\(directory)/pgpass"
            try TemporaryDirectory.write("*:*:*:*:\(TestListener.password)", to: path, mode: 0o644)
            try await ScriptedServer.run([.expectStartup, Script.ask(3), .expectEnd]) { server in
                var configuration = try configuration(server)
                configuration.passwordFile = path
                let error = await failure { try await PostgresConnection.connect(configuration) }
                #expect(error?.code == .authenticationFailed)
                #expect(error?.reason == "the server asks for a password and none was given")
                let problem = "has group or world access; permissions should be u=rw (0600) or less"
                #expect(error?.hint == "The password file \"\(path)\" \(problem).")
                #expect(!server.transcripts[0].contains(TestListener.password))
            }
        }
    }

    @Test func `a password of the file that is not UTF-8 is the hint, without its bytes`() async throws {
        try await TemporaryDirectory.with { directory in
            let path = "\(directory)/pgpass"
            try TemporaryDirectory.write(Array("*:*:*:*:gehei".utf8) + [0xFC, 0x6D], to: path)
            try await ScriptedServer.run([.expectStartup, Script.ask(3), .expectEnd]) { server in
                var configuration = try configuration(server)
                configuration.passwordFile = path
                let error = await failure { try await PostgresConnection.connect(configuration) }
                #expect(error?.code == .authenticationFailed)
                #expect(error?.reason == "the server asks for a password and none was given")
                #expect(error?.hint == "The password file \"\(path)\", line 1: the password is not UTF-8.")
                #expect(!printed(error).contains("gehei"))
            }
        }
    }

    @Test(arguments: ["other:*:*:*:x", "", "*:*:*:*:"])
    func `a file without a password for this connection is as good as none`(text: String) async throws {
        try await TemporaryDirectory.with { directory in
            let path = "\(directory)/pgpass"
            try TemporaryDirectory.write(text, to: path)
            try await ScriptedServer.run(
                [.expectStartup, Script.ask(3), .expectEnd], [.expectStartup, Script.ask(3), .expectEnd]
            ) { server in
                for file in [path, "\(directory)/missing"] {
                    var configuration = try configuration(server)
                    configuration.passwordFile = file
                    let error = await failure { try await PostgresConnection.connect(configuration) }
                    #expect(error?.code == .authenticationFailed)
                    #expect(error?.reason == "the server asks for a password and none was given")
                    #expect(error?.hint == nil)
                }
            }
        }
    }
}
