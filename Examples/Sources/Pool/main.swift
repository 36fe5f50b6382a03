// A pool that many tasks share: leases, single queries, transactions, hooks, statistics, and an end in order.
//
//     swift run --package-path Examples Pool postgres://user@localhost/database

import PostgresStreaming
import Tracker

await ExampleProgram.run("Pool") { url in
    let settings = PostgresPoolConfiguration {
        $0.connectionsMax = 3
        $0.leaseTimeout = .seconds(10)
        $0.hooks.configure = { connection in try await connection.execute("SET work_mem TO '8MB'") }
    }
    let configuration = try PostgresConfiguration(connectionString: url)
    try await PostgresClient.withClient(configuration, pool: settings) { client in
        // A single query has a connection for as long as its rows last.
        let count = try await client.query("SELECT count(*) FROM tracker.tb_user").only().decode(Int.self)
        print("\(count) users")

        // Twenty tasks, three connections: who comes first is served first.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in 1...20 {
                group.addTask {
                    _ = try await client.withTransaction { transaction in
                        try await transaction.execute("UPDATE tracker.tb_user SET age = age + 1 WHERE id = \(id)")
                    }
                }
            }
            try await group.waitForAll()
        }
        print("on 3 connections at most: \(client.statistics.opened <= 3)")

        // A lease is one session for as long as the closure runs; nothing of it is left for the next.
        try await client.withConnection { connection in
            try await connection.execute("SET statement_timeout TO '1s'")
        }
        let timeout = try await client.query("SHOW statement_timeout").only().decode(String.self)
        print("the next lease finds a statement_timeout of \(timeout)")
    }
    print("closed")
}
