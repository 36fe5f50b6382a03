import Foundation
import PostgresCryptography
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import PostgresTransport
import Testing

/// What a login leaves behind in memory, also in memory that is free again. The password itself is a String of the
/// user's, which nothing can overwrite; what is made of it must be gone.
@Suite(.timeLimit(.minutes(2)), .disabled(if: Sanitizer.isOn, "its memory is too large to search"))
struct SecretMemoryTests {
    /// A password that no other test has, made at run time so that it is in no binary.
    private static func makePassword() -> String { "geheim-\(UInt64.random(in: .min ... .max))" }

    private func login(
        _ role: String, _ password: String, hash: String, parameters: String = "",
        in directory: String, on server: AuthenticationServer
    ) async throws -> ProcessMemory {
        // The secret is the server's to compute; this process must not have seen it.
        try await server.run([
            "DROP ROLE IF EXISTS \(role)", "SET password_encryption = '\(hash)'",
            "CREATE ROLE \(role) LOGIN PASSWORD '\(password)'",
        ])
        let configuration = try server.configuration(role, password: password, parameters: parameters)
        let connection = try await PostgresConnection.connect(configuration)
        let memory = try ProcessMemory(writingTo: "\(directory)/\(role)")
        await connection.close()
        return memory
    }

    @Test func `a search of memory finds what is there`() throws {
        try TemporaryDirectory.with { directory in
            let number = UInt64.random(in: .min ... .max)
            let here = Array("here-\(number)".utf8)
            let memory = try ProcessMemory(writingTo: "\(directory)/memory")
            let elsewhere = Array("else-\(UInt64.random(in: .min ... .max))".utf8)
            #expect(try memory.finds([here, elsewhere]) == [true, false])
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `after a login by SCRAM neither the salted password nor a key is in memory`(_ live: LiveServer) async throws {
        let server = try await AuthenticationServer.on(live)
        let password = Self.makePassword()
        try await TemporaryDirectory.with { directory in
            let memory = try await login(
                "m_memory_scram", password, hash: "scram-sha-256", in: directory, on: server)
            let stored = try await server.storedPassword(of: "m_memory_scram")
            let parts = stored.split { "$:".contains($0) }.map(String.init)
            let salt = try #require(Data(base64Encoded: parts[2]))
            let salted = try OpenSSLCryptography.saltedPassword(
                password: Array(password.utf8), salt: Array(salt), iterations: #require(Int(parts[1])))
            let clientKey = try OpenSSLCryptography.hmacSHA256(key: salted, message: Array("Client Key".utf8))
            let storedKey = try #require(Data(base64Encoded: parts[3]))
            let serverKey = try #require(Data(base64Encoded: parts[4]))
            #expect(try OpenSSLCryptography.sha256(clientKey) == Array(storedKey), "the right keys are looked for")
            #expect(
                try memory.finds([salted, clientKey, Array(storedKey), Array(serverKey)])
                    == [false, false, false, false])
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `after a login in the clear the message with the password is not in memory`(_ live: LiveServer) async throws {
        let server = try await AuthenticationServer.on(live)
        let password = Self.makePassword()
        try await TemporaryDirectory.with { directory in
            let memory = try await login(
                "m_long_clear", password, hash: "scram-sha-256", parameters: "require_auth=password", in: directory,
                on: server)
            let message = BackendBytes().message("p", BackendBytes.string(password)).bytes
            #expect(try memory.finds([message, Array(password.utf8)]) == [false, true])
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `after a login by MD5 the hash of the password is not in memory`(_ live: LiveServer) async throws {
        let server = try await AuthenticationServer.on(live)
        let password = Self.makePassword()
        try await TemporaryDirectory.with { directory in
            let memory = try await login(
                "m_md5_memory", password, hash: "md5", parameters: "require_auth=md5", in: directory, on: server)
            let stored = Array(try await server.storedPassword(of: "m_md5_memory").utf8.dropFirst(3))
            #expect(stored.count == 32)
            #expect(try memory.finds([stored]) == [false])
        }
    }
}
