// Three reports from one snapshot: a transaction reads three results in turns on one connection, by portals, so that all of them
// see the same moment, whatever others write meanwhile.
//
//     swift run --package-path Examples ThreeReports postgres://user@localhost/database

import PostgresStreaming
import Tracker

await ExampleProgram.run("ThreeReports") { url in
    let client = try PostgresClient(url)
    var counts = ["users": 0, "projects": 0, "tasks": 0]
    var sum = 0
    try await client.withTransaction(isolation: .repeatableRead) { transaction in
        let users = try await transaction.query("SELECT id FROM tracker.tb_user", mode: .portal())
        let projects = try await transaction.query("SELECT stars FROM tracker.tb_project", mode: .portal())
        let tasks = try await transaction.query("SELECT id FROM tracker.tb_task", mode: .portal())
        // Another session tidies up, which this snapshot does not see.
        try await client.execute("DELETE FROM tracker.tb_task WHERE id > 100")
        var (user, task) = (users.decode(Int.self).makeAsyncIterator(), tasks.decode(Int.self).makeAsyncIterator())
        for try await stars in projects.decode(Int.self) {
            counts["projects", default: 0] += 1
            sum += stars
            // Each of them goes on where it was.
            if try await user.next() != nil { counts["users", default: 0] += 1 }
            if try await task.next() != nil { counts["tasks", default: 0] += 1 }
        }
        while try await task.next() != nil { counts["tasks", default: 0] += 1 }
    }
    let left = try await client.query("SELECT count(*) FROM tracker.tb_task").only().decode(Int.self)
    print("users: \(counts["users"]!), projects: \(counts["projects"]!) with \(sum) stars, tasks: \(counts["tasks"]!)")
    print("of these tasks \(left) are left by now")
    await client.close()
}
