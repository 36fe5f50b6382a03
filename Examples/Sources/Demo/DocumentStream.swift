import PostgresStreaming
import ProcessMemory

/// Streams the result of a query, shows how far it is, and measures.
struct DocumentStream: Sendable {
    let url: String
    let query: PostgresQuery
    /// Where to leave the stream before its end, if at all.
    let rowsMax: Int?

    nonisolated(nonsending) func run() async throws -> Measurements {
        let connection = try await PostgresConnection.connect(url)
        do {
            // The query may be the user's own: nothing that it calls can write. Closing ends the transaction.
            try await connection.execute("BEGIN READ ONLY")
            let measured = try await measure(connection)
            await connection.close()
            return measured
        } catch {
            // Waits until the query is cancelled on the server.
            await connection.close()
            throw error
        }
    }

    private nonisolated(nonsending) func measure(_ connection: PostgresConnection) async throws -> Measurements {
        var measured = Measurements()
        var progress = ProgressLine()
        for try await chunk in try await connection.query(query).chunks {
            if measured.rows == 0 {
                measured.noteFirstRow()
                Samples.show(chunk)
            }
            let count = min(chunk.count, rowsMax.map { $0 - measured.rows } ?? .max)
            for index in 0..<count {
                // Cells borrow from the chunk: no allocation, no reference count.
                var cells = chunk.cells(index)
                while !cells.isAtEnd { measured.bytes += try cells.nextBytes()?.byteCount ?? 0 }
            }
            measured.rows += count
            progress.show(measured.line)
            if measured.rows == rowsMax { break }
        }
        measured.noteEnd()
        progress.end(measured.line)
        return measured
    }
}
