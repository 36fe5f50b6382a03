// Three ways to say which documents are wanted: typed conditions, SQL with bound values, and a filter in Swift.
//
//     swift run --package-path Examples FraiseFiltering postgres://user@localhost/database

import FraiseWire
import JSONTape
import PostgresStreaming
import Tracker

await ExampleProgram.run("FraiseFiltering") { url in
    let client = try await FraiseClient.connect(url)
    let region = "south'; DROP TABLE tracker.tb_user; --"

    // Values are bound, whichever way they come: none can be read as SQL.
    let users = try client.query("tracker.v_user")
        .where(.field("age") >= 65)
        .whereSQL("data->>'region' = \("south") OR data->>'region' = \(region)")
        .filter { $0["name"]?.string?.hasPrefix("Ada") == true }
        .orderBy(.field("id"))
    print(try users.explain())

    let stream = try await users.execute()
    for try await user in stream {
        print("\(user["name"]?.string ?? "?") is \(user["age"]?.int ?? 0)")
    }
    print("\(stream.statistics.rows) came, \(stream.filteredCount) of them were filtered here")
    await client.close()
}
