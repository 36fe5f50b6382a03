import PostgresStreaming
import PostgresTestSupport
import Testing

/// Text with a NUL, which Postgres cannot hold and which is refused before anything is sent.
@Suite(.timeLimit(.minutes(1))) struct NULTests {
    private struct Name: RawRepresentable, PostgresEncodable {
        let rawValue: String
    }

    /// Writes itself, as users' types do.
    private struct Custom: PostgresEncodable {
        static var postgresType: PostgresType { .jsonb }
        static var postgresFormat: PostgresCell.Format { .binary }
        func encode(into bytes: inout [UInt8]) { bytes += [1, 34, 0, 34] }
    }

    private static let text = "before\0after"

    private static var queries: [PostgresQuery] {
        get throws {
            [
                "SELECT \(text)", "SELECT \(text, as: .text)", "SELECT \(text, as: .json)",
                "SELECT \(text, as: .jsonb)",
                "SELECT \(text, as: .varchar)", "SELECT \(text, as: .name)", "SELECT \(text, as: .xml)",
                "SELECT \(text, as: PostgresType(rawValue: 20_000))", "SELECT \(text, as: .int4)",
                "SELECT \([text])::text[]", "SELECT \(["", text], as: .textArray)",
                "SELECT \([[text]], as: .textArray)",
                "SELECT \([text], as: .jsonbArray)", "SELECT \([text], as: .int4Array)",
                "SELECT \(PostgresArray([text]))", "SELECT \(Optional(text))", "SELECT \(list: [text])",
                "SELECT \(Name(rawValue: text))", "SELECT \([Name(rawValue: text)], as: .varcharArray)",
                "SELECT \([UInt8](text.utf8), as: .text)", "SELECT \([UInt8](text.utf8), as: .json)",
                "SELECT \([[UInt8](text.utf8)], as: .textArray)", "SELECT \(Custom())", "SELECT \([Custom()])",
                "SELECT \(PostgresRange(lower: .inclusive(text), upper: .unbounded))",
                try PostgresQuery("SELECT :a", named: ["a": text]),
            ]
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `every way into a parameter refuses it, and nothing is sent`(server: LiveServer) async throws {
        let connection = try await server.connect()
        try await connection.withTransaction { transaction in
            _ = try await transaction.query("SELECT 1").only()
            for query in try Self.queries {
                for mode in [QueryMode.extended, .simple] {
                    let error = await failure { _ = try await transaction.query(query, mode: mode) }
                    #expect(error?.code == .parameterInvalid && error?.sqlState == nil, "\(query)")
                    #expect(
                        error?.message.hasSuffix("there is a NUL in it") == true, "\(query): \(error?.message ?? "")")
                    #expect(error?.isConnectionUsable == true)
                }
            }
            // The block goes on, so the server has seen none of them.
            #expect(try await transaction.query("SELECT 2").only().decode(Int32.self) == 2)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a prepared statement refuses it`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let find = try await connection.prepare(
            "SELECT $1::int4, $2::text, $3::text[]", parameters: (Int, String, [String]).self)
        for (text, list, number) in [(Self.text, [], 2), ("", ["", Self.text], 3)] {
            let error = await failure { _ = try await find.query(1, text, list) }
            #expect(error?.code == .parameterInvalid)
            #expect(error?.message.hasPrefix("parameter $\(number): ") == true)
        }
        #expect(try await find.query(1, "a", ["b"]).only().decode(column: 1, as: String.self) == "a")
    }

    @Test func `the error names the parameter as the whole query does`() async throws {
        let condition: PostgresQuery = "a = \(1) AND b = \(Self.text)"
        let query: PostgresQuery = "SELECT \(0) WHERE \(condition)"
        try await ScriptedServer.run(.welcome + [.expectEnd]) { server in
            let connection = try await PostgresConnection.connect(server.url)
            var error = await failure { _ = try await connection.query(query) }
            #expect(error?.message == "parameter $3: cannot encode String as text: there is a NUL in it")
            let named = try PostgresQuery("SELECT :id, :name", named: ["id": 1, "name": Self.text])
            error = await failure { _ = try await connection.query(named) }
            #expect(error?.message == "parameter :name: cannot encode String as text: there is a NUL in it")
        }
    }

    @Test func `bytes keep their zeros`() throws {
        #expect(try encode([UInt8]([0, 1])).bytes == [0, 1])
        var parameters: PostgresQuery = "SELECT \([UInt8]([0, 1])), \([[UInt8]([0])]), \(PostgresChar(0)), \(0)"
        parameters.append(", \(["a", "b"], as: .textArray)")
        #expect(parameters.parameterCount == 5)
    }
}
