import PostgresStreaming
import PostgresTestSupport
import Testing

/// Records, composite types, domains, and values of types that nothing is known of.
@Suite(.timeLimit(.minutes(1))) struct RecordTests {
    private struct Address: PostgresRecordDecodable, Equatable {
        let street: String?
        let number: Int32
        let position: [Double]

        init(street: String?, number: Int32, position: [Double]) {
            self.street = street
            self.number = number
            self.position = position
        }

        init(fields: inout PostgresRecordFields) throws(PostgresError) {
            street = try fields.next()
            number = try fields.next()
            position = try fields.next()
        }
    }

    @Test(arguments: LiveServer.allCases, [QueryMode.extended, .simple])
    func `records are decoded field by field, in both formats`(server: LiveServer, mode: QueryMode) async throws {
        let connection = try await server.connect()
        _ = try await connection.query("CREATE TYPE pg_temp.address AS (street text, number int4, position float8[])")
        let rows = try await connection.query(
            """
            SELECT ROW('a "b" \\, (c)', 5, '{1.5,-2}')::pg_temp.address, ROW(NULL, -1, '{}')::pg_temp.address,
            ARRAY[ROW('', 0, '{0}')::pg_temp.address, NULL]
            """, mode: mode)
        let row = try #require(try await rows.first())
        let (first, second, list) = try row.decode((Address, Address, [Address?]).self)
        #expect(first == Address(street: "a \"b\" \\, (c)", number: 5, position: [1.5, -2]))
        #expect(second == Address(street: nil, number: -1, position: []))
        #expect(list == [Address(street: "", number: 0, position: [0]), nil])
    }

    @Test(arguments: LiveServer.allCases)
    func `a record keeps its fields for later`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let rows = try await connection.query("SELECT ROW(1::int8, NULL, 'x'::text, ROW(true))")
        let record = try #require(try await rows.first()).decode(PostgresRecord.self)
        #expect(record.fields.count == 4)
        #expect(try record.fields[0]?.decode(Int.self) == 1)
        #expect(record.fields[1] == nil)
        #expect(try record.fields[2]?.decode(String.self) == "x")
        #expect(try record.fields[3]?.decode(PostgresRecord.self).fields[0]?.decode(Bool.self) == true)
        let error = failure { () throws(PostgresError) in try record.fields[0]?.decode(Bool.self) }
        #expect(error?.code == .typeMismatch)
    }

    @Test(arguments: LiveServer.allCases)
    func `more or fewer fields than are decoded are an error`(server: LiveServer) async throws {
        let connection = try await server.connect()
        for query: PostgresQuery in ["SELECT ROW('a'::text, 1)", "SELECT ROW('a'::text, 1, '{}'::float8[], 2)"] {
            let row = try #require(try await connection.query(query).first())
            let error = failure { () throws(PostgresError) in try row.decode(Address.self) }
            #expect(error?.code == .columnMismatch)
        }
        #expect(try await connection.query("SELECT 1").first()?.decode(Int.self) == 1)
    }

    @Test(arguments: LiveServer.allCases)
    func `a domain is its base type, both ways`(server: LiveServer) async throws {
        let connection = try await server.connect()
        _ = try await connection.query("CREATE DOMAIN pg_temp.grade AS int4 CHECK (VALUE BETWEEN 1 AND 6)")
        let row = try #require(try await connection.query("SELECT \(3)::int4::pg_temp.grade").first())
        #expect(try row.decode(Int32.self) == 3)
    }

    @Test(arguments: LiveServer.allCases)
    func `object IDs are numbers in binary and names in text`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let query: PostgresQuery = "SELECT 'pg_class'::regclass, 'int4'::regtype, 'pg_catalog.pg_class'::regclass::oid"
        let binary = try #require(try await connection.query(query).first())
        let numbers = try binary.decode((UInt32, UInt32, UInt32).self)
        #expect(numbers == (1259, 23, 1259))
        let text = try #require(try await connection.query(query, mode: .simple).first())
        let words = try text.decode((String, String, UInt32).self)
        #expect(words == ("pg_class", "integer", 1259))
    }

    @Test(arguments: LiveServer.allCases)
    func `a range that users define is read from text and sent as text`(server: LiveServer) async throws {
        let connection = try await server.connect()
        _ = try await connection.query("CREATE TYPE pg_temp.floatrange AS RANGE (subtype = float8)")
        let rows = try await connection.query("SELECT '[1.5,2)'::pg_temp.floatrange", mode: .simple)
        let range = try #require(try await rows.first()).decode(PostgresRange<Double>.self)
        #expect(range == PostgresRange(lower: .inclusive(1.5), upper: .exclusive(2)))
        let sent = try await connection.query("SELECT (\(range)::pg_temp.floatrange)::text")
        #expect(try await sent.first()?.decode(String.self) == "[1.5,2)")
    }
}
