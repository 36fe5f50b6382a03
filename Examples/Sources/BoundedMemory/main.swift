// A stream with a limit on memory: rows that are kept count, and what would go beyond the limit is a typed error.
//
//     swift run -c release --package-path Examples BoundedMemory postgres://user@localhost/database

import PostgresStreaming
import ProcessMemory
import Tracker

await ExampleProgram.run("BoundedMemory", arguments: "URL") { arguments in
    try await PostgresConnection.withConnection(arguments[0]) { connection in
        let query: PostgresQuery = "SELECT n, repeat('x', 1000) FROM generate_series(1, 200000) AS n"
        let options = StreamOptions {
            $0.memoryMax = 2 << 20
            $0.memorySoftMax = 1 << 20
            $0.memoryWait = .milliseconds(200)
        }
        // Read and let go: 200 MB pass through, and the process stays where it was.
        let rows = try await connection.query(query, options: options)
        var count = 0
        for try await chunk in rows.chunks { count += chunk.count }
        print("\(count) rows, buffers held at most 2 MiB: \(rows.statistics.peakBytes <= 2 << 20)")
        print("resident below 32 MB: \(ProcessMemory.residentBytesMax < 32 << 20)")

        // Kept: each row holds the buffer that it lies in, until the limit says no.
        var kept: [Row] = []
        do throws(PostgresError) {
            for try await row in try await connection.query(query, options: options) { kept.append(row) }
        } catch {
            print("\(error.code) after \(kept.count < 10_000 ? "a few thousand" : "too many") rows")
        }
        // A copy of what matters holds nothing.
        kept.removeAll()
        var numbers: [Int] = []
        for try await (number, _) in try await connection.query(query, options: options).decode((Int, String).self) {
            numbers.append(number)
        }
        print("\(numbers.count) numbers kept")
    }
}
