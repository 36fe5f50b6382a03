// One type of error says what went wrong, whether the connection can be used and whether the same may be tried again.
//
//     swift run --package-path Examples ErrorHandling postgres://user@localhost/database

import PostgresStreaming
import Tracker

await ExampleProgram.run("ErrorHandling", arguments: "URL") { arguments in
    try await PostgresConnection.withConnection(arguments[0]) { connection in
        func attempt(_ query: PostgresQuery, _ options: StreamOptions = StreamOptions()) async {
            do throws(PostgresError) {
                try await connection.execute(query, options: options)
            } catch {
                let state = error.sqlState.map { " \($0)" } ?? ""
                let field = error.server?.constraint.map { ", constraint \($0)" } ?? ""
                print("\(error.code)\(state): \(error.message)\(field)")
                print("    usable: \(error.isConnectionUsable), again: \(error.isRetrySafe)")
            }
        }

        try await connection.execute(
            "CREATE TEMPORARY TABLE account (id int PRIMARY KEY, balance int CHECK (balance >= 0))")
        await attempt("INSERT INTO account VALUES (1, 100)")
        await attempt("INSERT INTO account VALUES (1, 100)")
        await attempt("UPDATE account SET balance = balance - \(200)")
        await attempt("SELEC 1")
        await attempt("SELECT pg_sleep(60)", StreamOptions { $0.timeout = .milliseconds(50) })
        await attempt("DO $$ BEGIN RAISE EXCEPTION 'not today' USING ERRCODE = '40001'; END $$")

        // Everything above left the connection as it was.
        let balance = try await connection.query("SELECT balance FROM account").only().decode(Int.self)
        print("balance \(balance)")
        await attempt("SELECT pg_terminate_backend(pg_backend_pid())")
    }
}
