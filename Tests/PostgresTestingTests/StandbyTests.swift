import PostgresTesting
import Testing

/// Standbys of throwaway servers, asked with psql.
@Suite(.timeLimit(.minutes(2))) struct StandbyTests {
    private func ask(_ server: PostgresServer, _ sql: String) async throws -> String {
        try await Client.answer(to: sql, from: server)
    }

    @Test(
        .enabled("needs PostgreSQL 15 and 18 (scripts/bootstrap)") { await Available.versions(15, 18) },
        arguments: [15, 18])
    func `a standby follows its primary, and is promoted`(version: Int) async throws {
        let options = PostgresServerOptions(
            version: .major(version),
            configuration: ["synchronous_standby_names": "follower", "synchronous_commit": "remote_apply"])
        let primary = try await PostgresServer.start(options)
        let standby = try await primary.startStandby(named: "follower")
        #expect(try await ask(standby, "SELECT pg_is_in_recovery()") == "t")
        // The primary takes note a moment after the standby does.
        var state = ""
        for _ in 1...500 where state != "follower|sync" {
            state = try await ask(primary, "SELECT application_name, sync_state FROM pg_stat_replication")
        }
        #expect(state == "follower|sync")
        _ = try await ask(primary, "CREATE TABLE followed AS SELECT 7 AS n")
        #expect(try await ask(standby, "SELECT n FROM followed") == "7")
        await primary.stop()
        try await standby.promote()
        #expect(
            try await ask(standby, "SET synchronous_commit TO local; INSERT INTO followed VALUES (8) RETURNING n")
                .contains("8"))
        #expect(try await ask(standby, "SELECT pg_is_in_recovery()") == "f")
        await standby.stop()
    }

    @Test func `a server that is no standby cannot be promoted`() async throws {
        let server = try await PostgresServer.start(PostgresServerOptions(version: .major(15)))
        do {
            try await server.promote()
            Issue.record("nothing was thrown")
        } catch {
            #expect(error.code == .startFailed && error.description.contains("could not promote"))
        }
        await server.stop()
    }
}
