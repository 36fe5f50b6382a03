// How a test of your own gets a real server: started for it, thrown away behind it, gone even if the process is killed.
//
//     swift run --package-path Examples TestingYourCode

import PostgresStreaming
import PostgresTesting
import Tracker

/// What is to be tested: works with a connection, a transaction and a pool alike.
nonisolated(nonsending) func rename(
    _ id: Int, to name: String, in database: some PostgresQuerying
) async throws(PostgresError) -> Bool {
    let tag = try await database.execute("UPDATE customer SET name = \(name) WHERE id = \(id)")
    return tag?.rows == 1
}

await ExampleProgram.run("TestingYourCode", arguments: "") { _ in
    // In a test function of Swift Testing these are the lines of its body, with #expect in the place of print.
    try await PostgresServer.withServer { server in
        try await PostgresConnection.withConnection(server.url) { connection in
            try await connection.execute("CREATE TABLE customer (id int PRIMARY KEY, name text NOT NULL)")
            try await connection.execute("INSERT INTO customer VALUES (1, 'Ada')")

            print("renamed: \(try await rename(1, to: "Grace", in: connection))")
            print("nobody there: \(try await rename(2, to: "Grace", in: connection))")
            // In a transaction that is rolled back, so that the next case finds what was there.
            do {
                try await connection.withTransaction { transaction in
                    print("renamed again: \(try await rename(1, to: "Zoe", in: transaction))")
                    throw CancellationError()
                }
            } catch {
                guard error is CancellationError else { throw error }
            }
            print(try await connection.query("SELECT name FROM customer").only().decode(String.self))
        }
        // Faults are there as well: stop, kill, suspend, restart.
        await server.kill()
        do throws(PostgresError) {
            _ = try await PostgresConnection.connect(server.url)
        } catch {
            print("without a server: \(error.code)")
        }
    }
}
