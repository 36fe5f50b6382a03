// The code of the documentation's pages, compiled; it is not run.

import PostgresStreaming

nonisolated(nonsending) func pausing(_ connection: PostgresConnection) async throws {
    let rows = try await connection.query("SELECT body FROM document")
    let control = rows.control
    Task {
        control.pause(reason: "the disk is full", for: .seconds(30), then: .fail)
        // …
        control.resume()
    }
    do throws(PostgresError) {
        for try await chunk in rows.chunks { print(chunk.count, control.state) }
    } catch {
        if error.code == .pauseTimedOut { print("nobody resumed it") }
    }
}

nonisolated(nonsending) func leaving(_ connection: PostgresConnection) async throws {
    for try await number in try await connection.query("SELECT generate_series(1, 1000000000)").decode(Int.self) {
        if number == 3 { break }
    }
    // The query was cancelled; the connection is ready for the next one.
    try await connection.execute("SELECT 1")
}

nonisolated(nonsending) func cancelling(_ url: String) async throws {
    let export = Task {
        try await PostgresConnection.withConnection(url) { connection in
            for try await chunk in try await connection.query("SELECT body FROM document").chunks { print(chunk.count) }
        }
    }
    export.cancel()
    do {
        try await export.value
    } catch {
        guard (error as? PostgresError)?.code == .cancelled else { throw error }
        print("cancelled, here and on the server")
    }
}
