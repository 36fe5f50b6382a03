import Glibc
import PostgresTesting
import Testing

@Suite(.enabled("needs PgBouncer") { unsafe access("/usr/sbin/pgbouncer", X_OK) == 0 })
struct PgBouncerTests {
    @Test func `a pooler runs where the watchdog looks, not as root, and nothing of it stays`() async throws {
        try await PostgresServer.withServer { server in
            let pooler = try await PgBouncer.start(inFrontOf: server)
            let leftovers = Leftovers(dataDirectory: pooler.workingDirectory)
            let processes = leftovers.processes.ids
            #expect(processes.count == 1)
            var information = stat()
            #expect(unsafe stat("/proc/\(processes.first ?? 0)", &information) == 0)
            #expect(information.st_uid != 0)
            try await pooler.stop()
            #expect(!leftovers.isAnything)
        }
    }

    @Test func `a pooler whose object is gone ends by the watchdog`() async throws {
        try await PostgresServer.withServer { server in
            let leftovers = Leftovers(dataDirectory: try await PgBouncer.start(inFrontOf: server).workingDirectory)
            #expect(await eventually { !leftovers.isAnything })
        }
    }

    @Test func `settings that it refuses give an error with its log`() async throws {
        try await PostgresServer.withServer { server in
            let error = await #expect(throws: PostgresServerError.self) {
                _ = try await PgBouncer.start(inFrontOf: server, PgBouncerOptions(settings: ["pool_mode": "puddle"]))
            }
            #expect(error?.code == .startFailed)
            #expect(error?.detail?.contains("puddle") == true)
        }
    }
}
