// Bounds on chunks and memory, and a stream that is left early: the query is cancelled, the connection goes on.
//
//     swift run --package-path Examples FraiseStreaming postgres://user@localhost/database

import FraiseWire
import PostgresStreaming
import Tracker

await ExampleProgram.run("FraiseStreaming") { url in
    let client = try await FraiseClient.connect(url, pool: PostgresPoolConfiguration { $0.connectionsMax = 1 })
    let query = try client.query("tracker.v_project", as: Project.self)
        .chunkSize(64).adaptiveBounds(32...512)
        .maxMemory(1 << 20).softMemoryLimit(512 << 10)
        .timeout(.seconds(30))

    let projects = try await query.execute()
    var stars = 0
    for try await project in projects { stars += project.stars }
    let statistics = projects.statistics
    print("\(statistics.rows) projects with \(stars) stars")
    print("chunks had \(statistics.chunkSizeMin >= 32 && statistics.chunkSizeMax <= 512 ? "32 to 512" : "other") rows")
    print("at most 1 MiB was held: \(statistics.peakBytes <= 1 << 20)")

    let some = try await query.execute()
    for try await project in some where project.stars == 7 {
        print("\(project.name) is enough")
        break
    }
    // The only connection served both, and is there for a third.
    let count = try await query.limit(10).execute().collect().count
    print("\(count) more, and \(client.pool.statistics.opened) connection in all")
    await client.close()
}
