// Copies a CSV file into a table in one go, leaves out the lines that do not fit, and says which they were.
//
//     swift run -c release --package-path Examples CSVImport postgres://user@localhost/database items.csv

import PostgresStreaming
import Tracker

/// A line of the file: id, name and price.
struct Item: RowEncodable {
    let id: Int
    let name: String
    let price: PostgresNumeric?

    /// Throws for a field that is no value of its column.
    init(_ record: borrowing CopyRecord) throws(PostgresError) {
        id = try record.decode(at: 0, as: .int8)
        name = try record.decode(at: 1, as: .text)
        price = try record.decode(at: 2, as: .numeric)
    }

    func encode(into row: inout CopyRow) throws(PostgresError) {
        try row.write(id)
        try row.write(name)
        try row.write(price)
    }
}

/// Writes the records of a piece of the file, and reports those that do not fit.
func write(_ bytes: [UInt8], by reader: inout CopyCSVReader, to writer: PostgresCopyWriter) async throws {
    var offset = 0
    while try reader.next(in: bytes, at: &offset) == .record {
        let (line, item) = (reader.record.number, Result { () throws(PostgresError) in try Item(reader.record) })
        switch item {
        case .success(let item): try await writer.write(row: item)
        case .failure(let error): print("line \(line) left out: \(error.message)")
        }
    }
}

await ExampleProgram.run("CSVImport", arguments: "URL FILE") { arguments in
    try await PostgresConnection.withConnection(arguments[0]) { connection in
        try await connection.execute("CREATE TEMPORARY TABLE item (id bigint PRIMARY KEY, name text, price numeric)")
        let result = try await connection.copyIn(into: .table("item")) { writer in
            let limits = CopyReaderLimits(columnCount: 3)
            var reader = try CopyCSVReader(CopyCSVOptions(header: .present), limits: limits)
            for try await piece in try FilePieces(path: arguments[1]) {
                try await write(piece, by: &reader, to: writer)
            }
            // The last line of a file need not end.
            if try reader.finish() == .record { try await writer.write(row: Item(reader.record)) }
        }
        print("\(result.rowCount) items")
    }
}
