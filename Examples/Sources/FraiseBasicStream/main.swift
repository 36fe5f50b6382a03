// Streams every document of a view as bytes, in the order in which the server finds them, and tells how it went.
//
//     swift run --package-path Examples FraiseBasicStream postgres://user@localhost/database

import FraiseWire
import PostgresStreaming
import Tracker

await ExampleProgram.run("FraiseBasicStream") { url in
    let client = try await FraiseClient.connect(url)
    let documents = try await client.queryBytes("tracker.v_project").execute()
    var bytes = 0
    for try await document in documents { bytes += document.count }
    let statistics = documents.statistics
    print("\(statistics.rows) documents, \(bytes) bytes, \(documents.state)")
    print("first row came before the end: \(statistics.timeToFirstRow ?? .zero < statistics.totalTime)")
    print("buffers held \(statistics.peakBytes < 2 << 20 ? "less" : "more") than 2 MiB")
    await client.close()
}
