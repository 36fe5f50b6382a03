// Jobs in a table: a worker takes one at a time and skips those that others have locked. A notification wakes it; a poll finds
// what it was not told of.
//
//     swift run --package-path Examples JobQueue postgres://user@localhost/database

import PostgresStreaming
import Tracker

/// Does one job after the other until there is none; returns how many. A job is gone only when its transaction commits.
func work(_ client: PostgresClient) async throws -> Int {
    for count in 0... {
        let isDone = try await client.withTransaction { transaction in
            let job = try await transaction.query(
                """
                DELETE FROM tracker.job WHERE id =
                    (SELECT id FROM tracker.job ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1) RETURNING task
                """
            ).decode(String.self).first()
            return job != nil
        }
        if !isDone { return count }
    }
    return 0
}

await ExampleProgram.run("JobQueue") { url in
    let client = try PostgresClient(url)
    try await client.execute("CREATE TABLE tracker.job (id int GENERATED ALWAYS AS IDENTITY, task text NOT NULL)")
    let (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    try await withThrowingTaskGroup(of: Void.self) { group in
        // The first `listening`, gaps and notifications all mean the same: there may be jobs.
        group.addTask { for try await _ in try client.listen(to: "jobs") { wake.yield() } }
        group.addTask {
            while true {
                try await Task.sleep(for: .seconds(10))
                wake.yield()
            }
        }
        group.addTask {
            for number in 1...30 {
                try await client.withTransaction { transaction in
                    try await transaction.execute("INSERT INTO tracker.job (task) VALUES (\("task \(number)"))")
                    try await transaction.notify("jobs")
                }
            }
        }
        var count = 0
        for await _ in wakes {
            async let others = work(client)
            count += try await work(client) + others
            if count == 30 { break }
        }
        print("\(count) jobs done, each once")
        group.cancelAll()
    }
    await client.close()
}
