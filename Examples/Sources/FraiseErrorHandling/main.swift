// What goes wrong says what it is, where it is, and whether to try again; rows that are no documents fail or are skipped.
//
//     swift run --package-path Examples FraiseErrorHandling postgres://user@localhost/database

import FraiseWire
import JSONTape
import PostgresStreaming
import Tracker

await ExampleProgram.run("FraiseErrorHandling") { url in
    let client = try await FraiseClient.connect(url)

    func attempt(_ what: String, _ body: () async throws -> Void) async {
        do {
            try await body()
            print("\(what): fine")
        } catch let error as PostgresError {
            print("\(what): \(error.code) \(error.sqlState.map { "\($0)" } ?? "")")
        } catch {
            print("\(what): \(error)")
        }
    }

    await attempt("no such view") { _ = try await client.query("tracker.v_nothing").execute() }
    await attempt("no name") { _ = try client.query("tracker.v_project; DROP TABLE x") }
    await attempt("no document") { _ = try await client.query("tracker.v_project").documentColumn("id").execute() }
    await attempt("writing") { try await client.pool.execute("DELETE FROM tracker.tb_task") }
    await attempt("too slow") {
        _ = try await client.query("tracker.v_task").whereSQL("pg_sleep(60) IS NULL").timeout(.milliseconds(50))
            .execute()
            .collect()
    }
    await attempt("unreachable") { _ = try await FraiseClient.connect("postgres://nobody@127.0.0.1:1/none") }

    // Users have no stars: every row is another type than was asked for.
    let users = try client.query("tracker.v_user", as: Project.self)
    await attempt("other members") { _ = try await users.execute().collect() }
    let collected = try await users.onDocumentError(.collect(max: 2)).execute()
    let count = try await collected.collect().count
    print("\(count) projects, \(collected.skippedCount) rows left out, \(collected.errors.count) errors kept")
    await attempt("the client after all that") { _ = try await client.query("tracker.v_user").execute().collect() }
    await client.close()
}
