// Follows a failover: the primary dies, its standby is promoted, and the pool finds it by itself. Starts its own servers.
//
//     swift run --package-path Examples Failover

import PostgresStreaming
import PostgresTesting
import Tracker

await ExampleProgram.run("Failover", arguments: "") { _ in
    // A commit waits for the standby, so that nothing acknowledged is lost with the primary.
    let options = PostgresServerOptions(configuration: [
        "synchronous_standby_names": "standby", "synchronous_commit": "remote_apply",
    ])
    try await PostgresServer.withServer(options) { primary in
        let standby = try await primary.startStandby(configuration: ["synchronous_standby_names": ""])
        let password = primary.password
        var configuration = try PostgresConfiguration(connectionString: primary.tcpURL)
        configuration.endpoints = [primary, standby].map { .tcp(host: "127.0.0.1", port: UInt16($0.port)) }
        configuration.passwordProvider = { _ in password }
        configuration.targetSession = .readWrite
        let client = PostgresClient(configuration)
        try await client.execute("CREATE TABLE example_event (id int PRIMARY KEY)")
        try await client.execute("INSERT INTO example_event VALUES (1)")
        // For what may be a moment behind.
        let isStandby = try await client.reader.query("SELECT pg_is_in_recovery()").only().decode(Bool.self)
        print("the reader reads from a standby: \(isStandby)")

        await primary.kill()
        try await standby.promote()
        // What was lost on the way is tried again where that is safe.
        try await client.withRetryingTransaction { transaction in
            try await transaction.execute("INSERT INTO example_event VALUES (2) ON CONFLICT DO NOTHING")
        }
        let count = try await client.query("SELECT count(*) FROM example_event").only().decode(Int.self)
        print("\(count) events on the promoted server")
        await client.close()
        await standby.stop()
    }
}
