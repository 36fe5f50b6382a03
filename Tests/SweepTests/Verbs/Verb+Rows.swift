import PostgresStreaming

extension Verb {
    /// The ways to consume rows.
    static let rows: [Verb] = [
        Verb(
            "rows", ["PostgresConnection.query(_:mode:options:)", "RowStream.AsyncIterator.next(isolation:)"],
            .connection { connection, _ in
                var rows: [(Int64, String)] = []
                for try await row in try await connection.query(query) {
                    rows.append(try row.decode((Int64, String).self))
                }
                try expect(rows)
            }),
        Verb(
            "next", ["RowStream.AsyncIterator.next()", "StreamOptions.withName(_:_:)"],
            .connection { connection, _ in
                let rows = try await StreamOptions.withName("sweep") { try await connection.query(query) }
                var iterator = rows.makeAsyncIterator()
                var decoded: [(Int64, String)] = []
                while let row = try await iterator.next() { decoded.append(try row.decode((Int64, String).self)) }
                try expect(decoded)
            }),
        Verb(
            "chunks", ["RowChunks.AsyncIterator.next()", "RowChunks.AsyncIterator.next(isolation:)"],
            .connection { connection, _ in
                let options = StreamOptions {
                    $0.isAdaptive = false
                    $0.chunkSize = 2
                }
                var iterator = try await connection.query(query, options: options).chunks.makeAsyncIterator()
                var rows: [(Int64, String)] = []
                if let chunk = try await iterator.next() {
                    for row in chunk { rows.append(try row.decode((Int64, String).self)) }
                }
                while let chunk = try await iterator.next(isolation: #isolation) {
                    for row in chunk { rows.append(try row.decode((Int64, String).self)) }
                }
                try expect(rows)
            }),
        Verb(
            "tuples", ["DecodedTuples.AsyncIterator.next()", "DecodedTuples.AsyncIterator.next(isolation:)"],
            .connection { connection, _ in
                var iterator = try await connection.query(query).decode((Int64, String).self).makeAsyncIterator()
                var rows: [(Int64, String)] = []
                if let row = try await iterator.next() { rows.append(row) }
                while let row = try await iterator.next(isolation: #isolation) { rows.append(row) }
                try expect(rows)
            }),
        Verb(
            "structs", ["DecodedRows.AsyncIterator.next()", "DecodedRows.AsyncIterator.next(isolation:)"],
            .connection { connection, _ in
                var iterator = try await connection.query(query).decode(NumberedText.self).makeAsyncIterator()
                var rows: [(Int64, String)] = []
                if let row = try await iterator.next() { rows.append((row.n, row.text)) }
                while let row = try await iterator.next(isolation: #isolation) { rows.append((row.n, row.text)) }
                try expect(rows)
            }),
        Verb(
            "codable", ["CodableRows.AsyncIterator.next()", "CodableRows.AsyncIterator.next(isolation:)"],
            .connection { connection, _ in
                let rows = try await connection.query(query).decode(NamedText.self)
                var iterator = rows.makeAsyncIterator()
                var decoded: [(Int64, String)] = []
                if let row = try await iterator.next() { decoded.append((row.n, row.text)) }
                while let row = try await iterator.next(isolation: #isolation) { decoded.append((row.n, row.text)) }
                try expect(decoded)
            }),
        Verb(
            "collect", ["RowStream.collect(rowsMax:bytesMax:)"],
            .connection { connection, _ in
                let rows = try await connection.query(query, mode: .simple).collect(bytesMax: 1 << 20)
                try expect(rows.map { row throws in try row.decode((Int64, String).self) })
            }),
        Verb(
            "collectDecoded",
            ["PostgresRows.collect(rowsMax:)", "DecodedTuples.collect(rowsMax:)", "PostgresQuerying.query(_:)"],
            .connection { connection, _ in
                try expect(await texts(on: connection).decode((Int64, String).self).collect())
                let rows = try await connection.query(query).decode(NumberedText.self).collect()
                try expect(rows.map { ($0.n, $0.text) })
            }),
        Verb(
            "first", ["PostgresRows.first()", "DecodedTuples.first()"],
            .connection { connection, _ in
                let first = try await connection.query(query).decode((Int64, String).self).first()
                try expect(first?.0, 1)
                let row = try await connection.query(query).first()
                try expect(row?.decode(column: 1, as: String.self), "row 1")
            }),
        Verb(
            "only", ["PostgresRows.only()", "PostgresRows.onlyOrNone()"],
            .connection { connection, _ in
                try expect(await connection.query("SELECT \(41) + 1").only().decode(Int.self), 42)
                try expect(await connection.query("SELECT 1 WHERE false").onlyOrNone() == nil, true)
            }),
    ]

    /// Asks as code does that takes anything which runs queries.
    private static func texts(on session: some PostgresQuerying) async throws(PostgresError) -> RowStream {
        try await session.query(query)
    }
}
