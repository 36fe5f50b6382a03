// The code of the documentation's pages, compiled; it is not run.

import PostgresStreaming
import PostgresTesting

func testing() async throws {
    try await PostgresServer.withServer { server in
        let connection = try await PostgresConnection.connect(server.url)
        try await connection.execute("CREATE TABLE customer (id int PRIMARY KEY, name text)")
        await connection.close()
    }
}

func testingFailover() async throws {
    let options = PostgresServerOptions(configuration: [
        "synchronous_standby_names": "standby", "synchronous_commit": "remote_apply",
    ])
    try await PostgresServer.withServer(options) { primary in
        let standby = try await primary.startStandby()
        await primary.kill()
        try await standby.promote()
        await standby.stop()
    }
}
