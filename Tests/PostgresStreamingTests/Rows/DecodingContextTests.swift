import PostgresStreaming
import PostgresTestSupport
import Testing

/// A value that cannot be decoded is found again by its error: column, index, both types, row; never by itself.
@Suite(.timeLimit(.minutes(1))) struct DecodingContextTests {
    private struct Pair: RowDecodable {
        let number: Int
        let text: String

        init(row: inout RowCursor) throws(PostgresError) {
            number = try row.next()
            text = try row.next()
        }
    }

    /// The 2,001st row of many has a NULL, far behind the first chunk.
    private static let query: PostgresQuery =
        "SELECT n, CASE WHEN n <> 2001 THEN repeat('x', 50) END AS \"the text\" FROM generate_series(1, 5000) AS n"

    private func check(
        _ mode: QueryMode, sourceLocation: SourceLocation = #_sourceLocation,
        _ body: (RowStream) async throws(PostgresError) -> Void
    ) async throws {
        for live in LiveServer.allCases {
            let connection = try await live.connect()
            do throws(PostgresError) {
                try await body(connection.query(Self.query, mode: mode))
                Issue.record("nothing was wrong", sourceLocation: sourceLocation)
            } catch {
                #expect(error.code == .unexpectedNull, sourceLocation: sourceLocation)
                #expect(
                    error.message
                        == #"cannot decode NULL into String: column "the text" of type text at index 1 of row 2001"#,
                    sourceLocation: sourceLocation)
                let context = try #require(error.decoding, sourceLocation: sourceLocation)
                #expect(context.columnName == "the text", sourceLocation: sourceLocation)
                #expect(context.columnIndex == 1, sourceLocation: sourceLocation)
                #expect(context.columnType == .text, sourceLocation: sourceLocation)
                #expect(context.swiftType == "String", sourceLocation: sourceLocation)
                #expect(context.rowNumber == 2001, sourceLocation: sourceLocation)
                #expect(error.isConnectionUsable, sourceLocation: sourceLocation)
            }
            #expect(try await connection.query("SELECT 1").decode(Int.self).first() == 1)
        }
    }

    @Test(arguments: [QueryMode.extended, .simple])
    func `every way to decode names the same place`(_ mode: QueryMode) async throws {
        try await check(mode) { rows throws(PostgresError) in
            for try await _ in rows.decode((Int, String).self) {}
        }
        try await check(mode) { rows throws(PostgresError) in
            for try await _ in rows.decode(Pair.self) {}
        }
        try await check(mode) { rows throws(PostgresError) in
            for try await row in rows { _ = try row.decode((Int, String).self) }
        }
        try await check(mode) { rows throws(PostgresError) in
            for try await row in rows { _ = try row.decode(Pair.self) }
        }
        try await check(mode) { rows throws(PostgresError) in
            for try await row in rows { _ = try row["the text", as: String.self] }
        }
        try await check(mode) { rows throws(PostgresError) in
            for try await row in rows { _ = try row.detached()[1, as: String.self] }
        }
        try await check(mode) { rows throws(PostgresError) in
            for try await chunk in rows.chunks { for row in chunk { _ = try row.decode((Int, String).self) } }
        }
        try await check(mode) { rows throws(PostgresError) in
            for try await chunk in rows.chunks {
                for row in chunk.detached() { _ = try row.decode((Int, String).self) }
            }
        }
    }

    @Test func `a cursor knows its cells alone`() async throws {
        let connection = try await LiveServer.postgres18.connect()
        var chunks = try await connection.query("SELECT 1, NULL").chunks.makeAsyncIterator()
        let chunk = try #require(try await chunks.next())
        var cells = chunk.cells(0)
        _ = try cells.next(Int.self)
        do throws(PostgresError) {
            _ = try cells.next(Int.self)
        } catch {
            #expect(error.message == "cannot decode NULL into Int: column of type text at index 1")
            #expect(error.decoding?.columnName == nil)
            #expect(error.decoding?.rowNumber == nil)
        }
    }

    @Test func `a type that does not fit is named once`() async throws {
        let connection = try await LiveServer.postgres18.connect()
        let row = try #require(try await connection.query("SELECT 1::int8 AS a").first())
        do throws(PostgresError) {
            _ = try row[0, as: String.self]
        } catch {
            #expect(error.message == #"cannot decode bigint into String: column "a" at index 0 of row 1"#)
        }
        do throws(PostgresError) {
            _ = try row["a", as: Int32.self]
        } catch {
            #expect(error.code == .typeMismatch)
            #expect(error.decoding?.swiftType == "Int32")
        }
    }

    @Test func `columns by name and by index are there or named`() async throws {
        let connection = try await LiveServer.postgres15.connect()
        let row = try #require(try await connection.query("SELECT 1 AS a, 2 AS b, 3 AS b, NULL AS c").first())
        #expect(try row["a", as: Int.self] == 1)
        #expect(try row[2, as: Int.self] == 3)
        #expect(try row["c", as: String?.self] == nil)
        func message(_ body: () throws(PostgresError) -> Int) -> String {
            do throws(PostgresError) { return "\(try body())" } catch {
                #expect(error.code == .columnMismatch)
                return error.message
            }
        }
        #expect(message { () throws(PostgresError) in try row["d", as: Int.self] } == #"the row has no column "d""#)
        #expect(message { () throws(PostgresError) in try row["b", as: Int.self] } == #"the row has 2 columns "b""#)
        #expect(
            message { () throws(PostgresError) in try row[4, as: Int.self] }
                == "the row has 4 columns and none at index 4")
        #expect(
            message { () throws(PostgresError) in try row[-1, as: Int.self] }
                == "the row has 4 columns and none at index -1")
    }

    @Test func `the server may name a column however it likes`() async throws {
        let connection = try await LiveServer.postgres18.connect()
        let name = "a\nb\u{202E}\"; \u{1B}[2J"
        let row = try #require(try await connection.query("SELECT NULL::int AS \(identifier: name)").first())
        do throws(PostgresError) {
            _ = try row.decode(Int.self)
        } catch {
            #expect(error.decoding?.columnName == name)
            #expect(error.message.hasPrefix(#"cannot decode NULL into Int: column "a?b?"; ?[2J" of type integer"#))
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `tuples of any length are decoded whole and in order`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let text = (1...14).map { "\($0)::int4 AS c\($0)" }.joined(separator: ", ")
        let row = try #require(try await connection.query(PostgresQuery(unsafeSQL: "SELECT \(text)")).first())
        let many = try row.decode(
            (Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int?, Int32).self)
        #expect(many.0 == 1 && many.5 == 6 && many.11 == 12 && many.12 == 13 && many.13 == 14)
        let twelve = PostgresQuery(
            unsafeSQL: "SELECT \(text.prefix { $0 != "T" }.split(separator: ",").prefix(12).joined(separator: ","))")
        for try await row in try await connection.query(twelve)
            .decode((Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, Int32).self)
        {
            #expect(row.0 == 1 && row.6 == 7 && row.10 == 11 && row.11 == 12)
        }
        #expect(throws: PostgresError.self) { try row.decode((Int, Int).self) }
    }
}
