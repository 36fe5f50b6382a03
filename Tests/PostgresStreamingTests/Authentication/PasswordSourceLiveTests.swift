import Foundation
import PostgresCryptography
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import PostgresTransport
import Testing

/// SCRAM keys, providers and password files with real servers.
@Suite(.timeLimit(.minutes(2))) struct PasswordSourceLiveTests {
    private typealias Keys = PostgresConfiguration.SCRAMKeys

    /// Derives what a role's password is worth from what the server stores of it.
    private func keys(
        of role: String, _ password: String, on server: AuthenticationServer
    ) async throws -> (client: [UInt8], server: [UInt8]) {
        let stored = try await server.storedPassword(of: role)
        let match = try #require(try /SCRAM-SHA-256\$(\d+):(.+)\$(.+):(.+)/.wholeMatch(in: stored))
        let salted = try OpenSSLCryptography.saltedPassword(
            password: Array(password.utf8), salt: #require(Self.bytes(match.output.2)),
            iterations: #require(Int(match.output.1)))
        let client = try OpenSSLCryptography.hmacSHA256(key: salted, message: Array("Client Key".utf8))
        let serverKey = try OpenSSLCryptography.hmacSHA256(key: salted, message: Array("Server Key".utf8))
        #expect(try OpenSSLCryptography.sha256(client) == Self.bytes(match.output.3))
        #expect(serverKey == Self.bytes(match.output.4))
        return (client, serverKey)
    }

    private static func bytes(_ base64: Substring) -> [UInt8]? { Data(base64Encoded: String(base64)).map { Array($0) } }

    private func role(_ name: String, _ password: String, on server: AuthenticationServer) async throws {
        try await server.run([
            "DROP ROLE IF EXISTS \(name)", "CREATE ROLE \(name) LOGIN PASSWORD '\(password)'",
        ])
    }

    @Test(arguments: LiveServer.allCases)
    func `SCRAM keys let in without the password, as long as they fit`(_ live: LiveServer) async throws {
        let server = try await AuthenticationServer.on(live)
        try await role("m_keys", "first", on: server)
        let keys = try await keys(of: "m_keys", "first", on: server)
        var configuration = try server.configuration("m_keys", password: nil)
        configuration.scramKeys = Keys(clientKey: keys.client, serverKey: keys.server)
        try await PostgresConnection.connect(configuration).close()
        // No count of iterations matters, because nothing is computed.
        configuration.scramIterations = 1...1
        configuration.unverifiedSCRAMIterationsMin = 1_000_000
        try await PostgresConnection.connect(configuration).close()

        let text = [keys.client, keys.server].map { key in
            Data(key).base64EncodedString().replacing("+", with: "%2B").replacing("=", with: "%3D")
        }
        let url = try server.configuration(
            "m_keys", password: nil, parameters: "scram_client_key=\(text[0])&scram_server_key=\(text[1])")
        try await PostgresConnection.connect(url).close()

        configuration.scramKeys = Keys(clientKey: keys.client, serverKey: keys.client)
        let unverified = await failure { try await PostgresConnection.connect(configuration) }
        #expect(unverified?.code == .serverNotVerified)
        configuration.scramKeys = Keys(clientKey: keys.server, serverKey: keys.server)
        let refused = await failure { try await PostgresConnection.connect(configuration) }
        #expect(refused?.code == .authenticationFailed)
        #expect(refused?.hint == "The SCRAM keys that were given fit one role and its present password only.")

        // The same password with another salt makes other keys.
        try await server.run(["ALTER ROLE m_keys PASSWORD 'first'"])
        configuration.scramKeys = Keys(clientKey: keys.client, serverKey: keys.server)
        let outdated = await failure { try await PostgresConnection.connect(configuration) }
        #expect(outdated?.code == .authenticationFailed)
    }

    @Test(arguments: LiveServer.allCases)
    func `a provider's password may change from connection to connection`(_ live: LiveServer) async throws {
        let server = try await AuthenticationServer.on(live)
        try await role("m_rotating", "password-1", on: server)
        let asked = Locked(0)
        var configuration = try server.configuration("m_rotating", password: nil)
        configuration.passwordProvider = { request in
            #expect(request.user == "m_rotating")
            return asked.withLock { count in
                count += 1
                return "password-\(count)"
            }
        }
        for number in 1...3 {
            try await server.run(["ALTER ROLE m_rotating PASSWORD 'password-\(number)'"])
            try await PostgresConnection.connect(configuration).close()
            #expect(asked.withLock { $0 } == number)
        }
        // The fourth does not fit, and is not asked for twice.
        let error = await failure { try await PostgresConnection.connect(configuration) }
        #expect(error?.code == .authenticationFailed)
        #expect(error?.hint == "The password came from the password provider.")
        #expect(asked.withLock { $0 } == 4)
    }

    @Test(arguments: LiveServer.allCases)
    func `a provider is not asked by a server that trusts`(_ live: LiveServer) async throws {
        let server = try await AuthenticationServer.on(live)
        var configuration = try server.configuration("m_trust", password: nil)
        configuration.passwordProvider = { _ in
            Issue.record("the provider was asked")
            return ""
        }
        try await PostgresConnection.connect(configuration).close()
    }

    @Test(arguments: LiveServer.allCases)
    func `the password file lets in, unless others may read it or it is wrong`(_ live: LiveServer) async throws {
        let server = try await AuthenticationServer.on(live)
        try await TemporaryDirectory.with { directory in
            let path = "\(directory)/pgpass"
            let line = "127.0.0.1:\(server.server.port):postgres:m_scram:"
            let configuration = try server.configuration("m_scram", password: nil, parameters: "passfile=\(path)")
            try TemporaryDirectory.write("\(line)\(AuthenticationServer.password)\n", to: path)
            try await PostgresConnection.connect(configuration).close()

            try TemporaryDirectory.write("\(line)\(AuthenticationServer.password)\n", to: path, mode: 0o640)
            let refused = await failure { try await PostgresConnection.connect(configuration) }
            #expect(refused?.code == .authenticationFailed)
            #expect(refused?.hint?.contains("has group or world access") == true)

            try TemporaryDirectory.write("\(line)wrong\n", to: path)
            let wrong = await failure { try await PostgresConnection.connect(configuration) }
            #expect(wrong?.code == .authenticationFailed)
            #expect(wrong?.sqlState == .invalidPassword)
            #expect(wrong?.hint == "The password came from the file \"\(path)\".")
        }
    }
}
