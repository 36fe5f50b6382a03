import FraiseWire
import JSONTape
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Documents to a file, one a line, and back.
@Suite(.timeLimit(.minutes(1))) struct DocumentExchangeTests {
    private struct Numbered: JSONDecodable {
        let n: Int

        init(json: borrowing JSONView) throws(JSONError) {
            var members = try json.members()
            n = try members.decode("n")
        }
    }

    @Test(arguments: LiveServer.allCases, ["json", "jsonb"])
    func `documents are exported as lines and come in again`(_ live: LiveServer, _ type: String) async throws {
        let fraise = try await FraiseClient.connect(live.server.url)
        let name = "exchanged_\(UInt32.random(in: 0 ... .max))"
        let table = PostgresIdentifier(name)
        try await PostgresConnection.withConnection(try await live.server.url) { connection in
            try await connection.execute("CREATE TABLE \(table) (id serial, data \(unsafeSQL: type))")
            try await connection.execute(
                """
                INSERT INTO \(table) (data) SELECT (E'{"n": ' || n || E',\\n "text": "a\\\\nb"}')::\(unsafeSQL: type)
                FROM generate_series(1, 5000) n
                """)
        }
        try await TemporaryDirectory.with { directory in
            let path = directory + "/documents"
            let written = try await fraise.queryBytes(name).export(toFile: path)
            #expect(written.rowCount == 5000)
            let data = try await CopyFile.reading(path).read()
            #expect(data.count == written.bytes)
            #expect(data.split(separator: UInt8(ascii: "\n")).count == 5000)
            let count = try await fraise.importDocuments(fromFile: path, into: table)
            #expect(count == 5000)
            let filtered = try await fraise.query(name, as: Numbered.self).filter { $0.n == 7 }.export(toFile: path)
            #expect(filtered.rowCount == 2)
        }
        try await PostgresConnection.withConnection(try await live.server.url) { connection in
            let (count, texts) = try await connection.query(
                "SELECT count(*), count(DISTINCT data::jsonb) FROM \(table)"
            ).only()
                .decode((Int, Int).self)
            #expect((count, texts) == (10_000, 5000))
            try await connection.execute("DROP TABLE \(table)")
        }
        await fraise.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `a line that is no document undoes the import, and is named`(_ live: LiveServer) async throws {
        let fraise = try await FraiseClient.connect(live.server.url)
        let name = PostgresIdentifier("exchanged_\(UInt32.random(in: 0 ... .max))")
        try await PostgresConnection.withConnection(try await live.server.url) { connection in
            try await connection.execute("CREATE TABLE \(name) (data jsonb)")
        }
        try await TemporaryDirectory.with { directory in
            let path = directory + "/documents"
            try TemporaryDirectory.write("{}\n\n  \n{\"a\": 1}\n{\"a\": \n", to: path)
            var error: PostgresError?
            do {
                try await fraise.importDocuments(fromFile: path, into: name)
            } catch let thrown {
                error = thrown as? PostgresError
            }
            #expect(error?.sqlState == .invalidTextRepresentation)
            #expect(error?.server?.context?.contains("line 3") == true)
            try TemporaryDirectory.write("{}\n[1]", to: path)
            #expect(try await fraise.importDocuments(fromFile: path, into: name) == 2)
        }
        try await PostgresConnection.withConnection(try await live.server.url) { connection in
            #expect(try await connection.query("SELECT count(*) FROM \(name)").only().decode(Int.self) == 2)
            try await connection.execute("DROP TABLE \(name)")
        }
        await fraise.close()
    }
}
