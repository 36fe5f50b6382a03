// Writes the rows of a query as one JSON document a line, however many there are, in the memory of a few buffers.
//
//     swift run -c release --package-path Examples NDJSONExport postgres://user@localhost/database 'TABLE customer' | gzip > customer.gz

import Glibc
import PostgresStreaming
import Tracker

/// Writes all of the bytes; a reader that goes away ends the program by SIGPIPE, and the query with it.
func write(_ bytes: [UInt8]) throws {
    var position = 0
    while position < bytes.count {
        let rest = unsafe bytes.withUnsafeBytes {
            unsafe write(STDOUT_FILENO, $0.baseAddress! + position, $0.count - position)
        }
        guard rest > 0 else { throw Lost() }
        position += rest
    }
}

struct Lost: Error {}

await ExampleProgram.run("NDJSONExport", arguments: "URL QUERY") { arguments in
    try await PostgresConnection.withConnection(arguments[0]) { connection in
        // The query is the user's own words, so it is put in as it is.
        let query: PostgresQuery = "SELECT to_json(t)::text FROM (\(unsafeSQL: arguments[1])) AS t"
        var (lines, count) = ([UInt8](), 0)
        for try await chunk in try await connection.query(query).chunks {
            for index in chunk.indices {
                var cells = chunk.cells(index)
                guard let document = try cells.nextBytes() else { continue }
                unsafe document.withUnsafeBytes { unsafe lines.append(contentsOf: $0) }
                lines.append(UInt8(ascii: "\n"))
            }
            count += chunk.count
            try write(lines)
            lines.removeAll(keepingCapacity: true)
        }
        let message = "\(count) rows\n"
        _ = unsafe write(STDERR_FILENO, message, message.utf8.count)
    }
}
