// Asks for three documents of a view, as values of no type.
//
//     swift run --package-path Examples FraiseBasicQuery postgres://user@localhost/database

import FraiseWire
import JSONTape
import PostgresStreaming
import Tracker

await ExampleProgram.run("FraiseBasicQuery") { url in
    let client = try await FraiseClient.connect(url)
    let projects = try await client.query("tracker.v_project").where(.field("status") == "active").limit(3).execute()
    for try await project in projects {
        print(
            "\(project["id"]?.int ?? 0): \(project["name"]?.string ?? "?") of \(project.at("owner", "name")?.string ?? "?")"
        )
    }
    // The client can be asked as often as you like, by many tasks at once.
    let task = try await client.query("tracker.v_task").where(.field("id") == 7).execute().first()
    print("\(task?["title"]?.string ?? "none")")
    await client.close()
}
