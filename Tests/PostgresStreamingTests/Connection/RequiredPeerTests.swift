import Glibc
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// `requirepeer`: whose socket it has to be.
@Suite(.timeLimit(.minutes(1))) struct RequiredPeerTests {
    private static let wrong = "nobody-of-this-name"

    /// The name of the user that owns a file.
    private func owner(of path: String) throws -> String {
        var information = stat()
        try #require(unsafe stat(path, &information) == 0)
        return try name(of: information.st_uid)
    }

    private func name(of user: uid_t) throws -> String {
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        try #require(unsafe getpwuid_r(user, &entry, &buffer, buffer.count, &found) == 0)
        try #require(unsafe found != nil)
        return unsafe String(cString: entry.pw_name)
    }

    @Test(arguments: LiveServer.allCases)
    func `a real server is taken under its own user's name only`(_ live: LiveServer) async throws {
        let server = try await live.server
        let name = try owner(of: server.dataDirectory)
        let connection = try await PostgresConnection.connect(server.url + "&requirepeer=\(name)")
        #expect(try await connection.query("SELECT 1").first()?.decode(Int.self) == 1)
        await connection.close()
        let error = await failure { try await PostgresConnection.connect(server.url + "&requirepeer=\(Self.wrong)") }
        #expect(error?.code == .serverNotVerified)
        #expect(error?.message.contains("requirepeer") == true)
    }

    @Test func `nothing is said to a socket of somebody else`() async throws {
        try await ScriptedServer.run([.expectEnd], .welcome + [.expectEnd], on: .abstractUnix) { server in
            let error = await failure {
                try await PostgresConnection.connect(server.url("requirepeer=\(Self.wrong)"))
            }
            #expect(error?.code == .serverNotVerified)
            #expect(error?.isRetrySafe == false)
            let own = try name(of: geteuid())
            await (try await PostgresConnection.connect(server.url("requirepeer=\(own)"))).close()
            #expect(server.transcripts[0].bytes.isEmpty)
        }
    }

    @Test func `over TCP it means nothing`() async throws {
        try await ScriptedServer.run(.welcome + [.expectEnd]) { server in
            await (try await PostgresConnection.connect(server.url("requirepeer=\(Self.wrong)"))).close()
        }
    }
}
