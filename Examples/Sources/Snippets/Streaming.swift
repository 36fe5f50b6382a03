// The code of the documentation's pages, compiled; it is not run.

import PostgresStreaming

nonisolated(nonsending) func readingRows(_ connection: PostgresConnection) async throws {
    let rows = try await connection.query("SELECT id, body FROM document")
    for try await row in rows {
        let id = try row["id", as: Int.self]
        print(id)
    }
}

@concurrent func readingChunks(_ url: String) async throws {
    let sum = try await PostgresConnection.onEventLoop {
        let connection = try await PostgresConnection.connect(url)
        var sum = 0
        for try await chunk in try await connection.query("SELECT amount FROM payment").chunks {
            for index in chunk.indices {
                var cells = chunk.cells(index)
                sum += try cells.next(Int.self)
            }
        }
        await connection.close()
        return sum
    }
    print(sum)
}

nonisolated(nonsending) func limiting(_ connection: PostgresConnection) async throws {
    let options = StreamOptions {
        $0.name = "export"
        $0.memoryMax = 8 << 20
        $0.timeout = .seconds(60)
        $0.idleTimeout = .seconds(10)
    }
    let rows = try await connection.query("SELECT body FROM document", options: options)
    for try await chunk in rows.chunks { print(chunk.count) }
    print("at most \(rows.statistics.peakBytes) bytes were held")
}

nonisolated(nonsending) func keeping(_ connection: PostgresConnection) async throws {
    var largest: Row?
    for try await row in try await connection.query("SELECT size, body FROM document ORDER BY size") {
        // Keeps a copy of this row, and not the buffer that a hundred others lie in.
        largest = row.detached()
    }
    print(try largest?.decode((Int, String).self) ?? (0, ""))
}
