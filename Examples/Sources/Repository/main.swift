// A repository, a service and their tests: SQL in one place, transactions in another, and a real server under test.
//
//     swift run --package-path Examples Repository

import PostgresStreaming
import PostgresTesting
import Tracker

await ExampleProgram.run("Repository", arguments: "") { _ in
    try await PostgresServer.withServer { server in
        try await PostgresClient.withClient(PostgresConfiguration(connectionString: server.url)) { client in
            try await client.execute(
                """
                CREATE TABLE customer (
                    id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, credit int NOT NULL)
                """)
            try await testRepository(client)
            try await testService(client)
        }
    }
}
