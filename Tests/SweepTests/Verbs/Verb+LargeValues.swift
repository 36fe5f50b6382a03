import PostgresStreaming

extension Verb {
    /// The ways to read and send one value in pieces.
    static let largeValues: [Verb] = [
        Verb(
            "largeRows",
            [
                "PostgresQuerying.query(_:streaming:options:)", "PostgresLargeRow.trailing()",
                "PostgresLargeValue.collect(bytesMax:)", "PostgresLargeRows.AsyncIterator.next()",
                "PostgresLargeRows.AsyncIterator.next(isolation:)", "PostgresLargeText.AsyncIterator.next()",
                "PostgresLargeText.AsyncIterator.next(isolation:)", "PostgresLargeValue.AsyncIterator.next()",
                "PostgresLargeValue.AsyncIterator.next(isolation:)",
            ],
            .none,
            .connection { connection, _ in
                let rows = try await connection.query(
                    "SELECT n::int8, 'row ' || n AS text, n::int8 AS last FROM generate_series(1, 5) AS n",
                    streaming: "text")
                var collected: [(Int64, String)] = []
                for try await row in rows {
                    var text = ""
                    if collected.isEmpty {
                        for try await piece in row.value! {
                            var bytes: [UInt8] = []
                            piece.append(to: &bytes)
                            text += String(decoding: bytes, as: UTF8.self)
                        }
                    } else if collected.count == 1 {
                        for try await piece in row.value!.text { text += piece }
                    } else {
                        text = String(decoding: try await row.value!.collect(), as: UTF8.self)
                    }
                    let last = try await row.trailing().decode(column: 0, as: Int64.self)
                    try expect(try row.leading.decode(column: 0, as: Int64.self), last)
                    collected.append((last, text))
                }
                try expect(collected)
            }),
        Verb(
            "largeValueToFile",
            [
                "PostgresLargeValue.write(toFile:progress:)", "PostgresLargeValue.write(toDescriptor:progress:)",
            ],
            .none,
            .connection { connection, _ in
                let rows = try await connection.query("SELECT 'some text'::text AS text", streaming: "text")
                for try await row in rows {
                    let count = try await row.value?.write(toFile: "/dev/null")
                    try expect(count, 9)
                }
            }),
        Verb(
            "upload",
            [
                "PostgresConnection.query(_:sending:byteCount:options:)",
                "PostgresConnection.execute(_:sending:byteCount:options:)",
            ],
            .statement,
            .connection { connection, number in
                let tag = try await connection.execute(upload(number), sending: pieces, byteCount: 6)
                try expect(tag?.rows, 1)
            }),
        Verb(
            "uploadInTransaction",
            [
                "PostgresTransaction.query(_:sending:byteCount:options:)",
                "PostgresTransaction.execute(_:sending:byteCount:options:)",
            ],
            .transaction,
            .connection { connection, number in
                try await connection.withTransaction { transaction async throws in
                    _ = try await transaction.execute(upload(number), sending: pieces, byteCount: 6)
                }
            }),
        Verb(
            "uploadOfFile", ["PostgresFile.AsyncIterator.next()", "PostgresFile.AsyncIterator.next(isolation:)"],
            .connection { connection, _ in
                let file = try PostgresFile(reading: #filePath)
                let rows = try await connection.query(
                    "SELECT length(\(streamed: .bytea))::int8", sending: file, byteCount: file.byteCount)
                try expect(await rows.only().decode(Int.self), file.byteCount)
            }),
        Verb(
            "uploadByPool", ["PostgresClient.execute(_:sending:byteCount:options:)"], .statement,
            .client { client, number in
                let tag = try await client.execute(upload(number), sending: pieces, byteCount: 6)
                try expect(tag?.rows, 1)
            }),
        Verb(
            "copyInPieces", ["PostgresCopyWriter.write(_:sending:byteCount:_:)"], .none,
            .connection { connection, _ in
                try await connection.execute("CREATE TEMPORARY TABLE IF NOT EXISTS piece (body bytea)")
                let result = try await connection.copyIn(into: .table("piece")) { writer in
                    try await writer.write([], sending: pieces, byteCount: 6)
                }
                try expect(result.rowCount, 1)
            }),
        Verb(
            "largeObject",
            [
                "PostgresTransaction.createLargeObject(id:)", "PostgresTransaction.openLargeObject(_:for:)",
                "PostgresTransaction.removeLargeObject(_:)", "PostgresLargeObject.write(_:)",
                "PostgresLargeObject.write(contentsOf:progress:)", "PostgresLargeObject.read(upTo:)",
                "PostgresLargeObject.seek(to:)", "PostgresLargeObject.position()", "PostgresLargeObject.byteCount()",
                "PostgresLargeObject.truncate(to:)", "PostgresLargeObject.close()",
                "PostgresLargeObjectBytes.AsyncIterator.next()",
                "PostgresLargeObjectBytes.AsyncIterator.next(isolation:)",
            ],
            .none,
            .connection { connection, _ in
                try await connection.withTransaction { transaction async throws in
                    let id = try await transaction.createLargeObject()
                    let object = try await transaction.openLargeObject(id, for: .readingAndWriting)
                    try await object.write(contentsOf: pieces)
                    try await object.truncate(to: 4)
                    try await object.seek(to: 1)
                    var bytes: [UInt8] = []
                    // A size that was corrupted on its way is that of the object.
                    for try await piece in object.bytes(pieceBytes: 2) {
                        bytes += piece
                        guard bytes.count < 100 else { break }
                    }
                    try expect(bytes, [2, 3, 4])
                    try await object.close()
                    try await transaction.removeLargeObject(id)
                }
            }),
    ]

    /// Writes the number, if six bytes come.
    private static func upload(_ number: Int64) -> PostgresQuery {
        "INSERT INTO written SELECT \(number) WHERE length(\(streamed: .bytea)) = 6"
    }

    private static var pieces: AsyncStream<[UInt8]> {
        AsyncStream { continuation in
            continuation.yield([1, 2, 3])
            continuation.yield([4, 5, 6])
            continuation.finish()
        }
    }
}
