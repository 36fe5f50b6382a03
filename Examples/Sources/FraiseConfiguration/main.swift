// Time-outs, keepalives, parameters of the session, bounds of the pool: a configuration from a URL, and changed in code.
//
//     swift run --package-path Examples FraiseConfiguration postgres://user@localhost/database

import FraiseWire
import PostgresStreaming
import Tracker

await ExampleProgram.run("FraiseConfiguration") { url in
    var configuration = try PostgresConfiguration(connectionString: url)
    configuration.applicationName = "tracker report"
    configuration.connectTimeout = .seconds(3)
    configuration.keepalive.idleSeconds = 30
    configuration.runtimeParameters["statement_timeout"] = "15s"
    configuration.runtimeParameters["work_mem"] = "16MB"
    let pool = PostgresPoolConfiguration {
        $0.connectionsMax = 4
        $0.leaseTimeout = .seconds(20)
        $0.lifetimeMax = .seconds(1800)
    }
    let client = try await FraiseClient.connect(configuration, pool: pool)
    for name in ["application_name", "statement_timeout", "work_mem", "default_transaction_read_only"] {
        let value = try await client.pool.query("SELECT current_setting(\(name))").only().decode(String.self)
        print("\(name): \(value)")
    }
    // Eight tasks share the connections.
    let count = try await withThrowingTaskGroup(of: Int.self) { group in
        for id in 1...8 {
            let query = try client.query("tracker.v_project").where(.path("owner", "id") == id)
            group.addTask { try await query.execute().collect().count }
        }
        var sum = 0
        for try await count in group { sum += count }
        return sum
    }
    print("\(count) projects of eight users, on 4 connections at most: \(client.pool.statistics.opened <= 4)")
    await client.close()
}
