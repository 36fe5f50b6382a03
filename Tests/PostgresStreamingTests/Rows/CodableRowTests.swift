import PostgresStreaming
import PostgresTestSupport
import Testing

/// Rows into `Decodable` types by the names of their columns.
@Suite(.timeLimit(.minutes(1))) struct CodableRowTests {
    private enum Status: String, Decodable {
        case active, closed
    }

    private struct Customer: Decodable, Equatable {
        let customerID: Int
        let name: String?
        let isActive: Bool
        let scoreInPercent: Double
        let status: Status
        let small: Int16
        let medium: Int32
        let large: Int64
        let single: Float
        let comment: String?
    }

    private static let customers: PostgresQuery = """
        SELECT n::int8 AS large, n::int4 AS medium, n::int2 AS small, 'ignored' AS something, n AS customer_id,
            CASE WHEN n % 2 = 0 THEN 'customer ' || n END AS name, n % 2 = 0 AS is_active, n * 0.5::float8 AS "scoreInPercent",
            CASE WHEN n % 2 = 0 THEN 'active' ELSE 'closed' END AS status, n::float4 AS single
        FROM generate_series(1, 3000) AS n
        """

    private func customer(_ number: Int) -> Customer {
        Customer(
            customerID: number, name: number.isMultiple(of: 2) ? "customer \(number)" : nil,
            isActive: number.isMultiple(of: 2), scoreInPercent: Double(number) * 0.5,
            status: number.isMultiple(of: 2) ? .active : .closed, small: Int16(number), medium: Int32(number),
            large: Int64(number), single: Float(number), comment: nil)
    }

    @Test(arguments: LiveServer.allCases, [QueryMode.extended, .simple])
    func `columns meet properties by name, in whatever order`(_ live: LiveServer, mode: QueryMode) async throws {
        let connection = try await live.connect()
        var number = 0
        for try await customer in try await connection.query(Self.customers, mode: mode).decode(Customer.self) {
            number += 1
            if customer != self.customer(number) { Issue.record("row \(number) is \(customer)") }
        }
        #expect(number == 3000)
        let row = try #require(try await connection.query(Self.customers, mode: mode).first())
        #expect(try row.decode(Customer.self) == customer(1))
    }

    @Test func `a type that is both decodes as a row, a value of a single column as a value`() async throws {
        struct Both: RowDecodable, Decodable {
            let source: String

            init(row: inout RowCursor) throws(PostgresError) { source = "row \(try row.next(Int.self))" }
            init(from decoder: any Decoder) { source = "decoder" }
        }
        let connection = try await LiveServer.postgres18.connect()
        #expect(try await connection.query("SELECT 1").decode(Both.self).collect().map(\.source) == ["row 1"])
        #expect(try await connection.query("SELECT 1").first()?.decode(Both.self).source == "row 1")
        #expect(try await connection.query("SELECT 'closed'").decode(Status.self).collect() == [.closed])
        #expect(try await connection.query("SELECT 1").decode(Int.self).first() == 1)
    }

    @Test(arguments: [
        ("customerID", "customer_id"), ("id", "id"), ("htmlPageURL", "html_page_url"), ("userID2", "user_id2"),
        ("already_snake", "already_snake"), ("Name", "name"), ("aB", "a_b"), ("größeÄndern", "größe_ändern"), ("", ""),
        ("_private", "_private"), ("_Private", "_private"),
    ])
    func `properties become columns as people write them`(key: String, column: String) async throws {
        #expect(key.inSnakeCase == column)
    }

    private func failure<Value: Decodable & Sendable>(
        _ query: PostgresQuery, _ type: Value.Type
    ) async throws -> PostgresError? {
        let connection = try await LiveServer.postgres15.connect()
        do throws(PostgresError) {
            _ = try await connection.query(query).decode(Value.self).collect()
            Issue.record("\(query) was decoded into \(Value.self)")
            return nil
        } catch {
            #expect(try await connection.query("SELECT 1").decode(Int.self).first() == 1)
            return error
        }
    }

    private struct Named: Decodable, Sendable {
        let id: Int
        let name: String
    }

    @Test func `a missing column is named, with those that are there`() async throws {
        let error = try await failure("SELECT 1 AS id, 'x' AS nam", Named.self)
        #expect(error?.code == .columnMismatch)
        #expect(error?.message == #"the row has no column "name""#)
        #expect(error?.hint == #"The columns are "id", "nam"."#)
    }

    @Test func `a name that two columns have is refused, also for an optional`() async throws {
        struct Perhaps: Decodable, Sendable { let id: Int? }
        struct Byte: Decodable, Sendable { let id: UInt8? }
        for error in [
            try await failure("SELECT 1 AS id, 2 AS id, 'x' AS name", Named.self),
            try await failure("SELECT 1 AS id, 2 AS id", Perhaps.self),
            try await failure("SELECT 1 AS id, 2 AS id", Byte.self),
        ] {
            #expect(error?.code == .columnMismatch)
            #expect(error?.message == #"the row has 2 columns "id""#)
        }
    }

    @Test func `a value that does not fit says where it stands and not what it is`() async throws {
        let error = try await failure("SELECT 1 AS id, 4711::int8 AS name", Named.self)
        #expect(error?.code == .typeMismatch)
        #expect(error?.message == #"cannot decode bigint into String: column "name" at index 1 of row 1"#)
        let null = try await failure(
            "SELECT n AS id, CASE WHEN n < 700 THEN 'x' END AS name FROM generate_series(1, 900) n", Named.self)
        #expect(null?.code == .unexpectedNull)
        #expect(null?.message == #"cannot decode NULL into String: column "name" of type text at index 1 of row 700"#)
    }

    @Test func `a raw value that an enum has not is no part of the error`() async throws {
        struct WithStatus: Decodable, Sendable { let status: Status }
        let error = try await failure("SELECT 'Kanarienvogel' AS status", WithStatus.self)
        #expect(error?.code == .valueMalformed)
        #expect(
            error?.message
                == #"cannot decode into Status: it has no such value: column "status" of type text at index 0 of row 1"#
        )
        let text = error.map { "\($0) \(String(reflecting: $0)) \(dumped($0))" } ?? ""
        #expect(!text.contains("Kanarien"))
    }

    @Test func `types with members of their own are refused by name`() async throws {
        struct Owner: Decodable, Sendable { let name: String }
        struct Pet: Decodable, Sendable { let owner: Owner }
        struct Tags: Decodable, Sendable {
            struct Tag: Decodable, Sendable { let text: String }
            let tags: [Tag]
        }
        struct Lists: Decodable, Sendable {
            init(from decoder: any Decoder) throws { _ = try decoder.unkeyedContainer() }
        }
        let owner = try await failure(#"SELECT '{"name": "x"}'::text AS owner"#, Pet.self)
        #expect(owner?.code == .unsupported)
        #expect(owner?.hint?.contains("json") == true)
        #expect(owner?.decoding?.columnName == "owner")
        #expect(owner?.decoding?.swiftType == "Owner")
        #expect(try await failure("SELECT '[]'::text AS tags", Tags.self)?.code == .unsupported)
        #expect(try await failure("SELECT 1", Lists.self)?.code == .unsupported)
    }

    @Test(arguments: LiveServer.allCases)
    func `an enum of the server's meets an enum with raw values`(_ live: LiveServer) async throws {
        struct WithStatus: Decodable, Equatable {
            let status: Status
            let former: Status?
            let ids: [Int]
        }
        let connection = try await live.connect()
        try await connection.execute("BEGIN")
        try await connection.execute("CREATE TYPE codable_status AS ENUM ('active', 'closed', 'lost')")
        let query: PostgresQuery = """
            SELECT 'closed'::codable_status AS status, former, ARRAY[1, 2] AS ids
            FROM unnest('{active,NULL}'::codable_status[]) AS former
            """
        #expect(
            try await connection.query(query).decode(WithStatus.self).collect() == [
                WithStatus(status: .closed, former: .active, ids: [1, 2]),
                WithStatus(status: .closed, former: nil, ids: [1, 2]),
            ])
        do throws(PostgresError) {
            _ = try await connection.query("SELECT 'lost'::codable_status").decode(Status.self).first()
        } catch {
            #expect(error.code == .valueMalformed)
        }
        try await connection.execute("ROLLBACK")
    }

    @Test func `a superclass reads the same row`() async throws {
        class Animal: Decodable {
            let id: Int
        }
        final class Dog: Animal {
            let name: String
            private enum CodingKeys: String, CodingKey { case name = "dog_name" }

            required init(from decoder: any Decoder) throws {
                let container = try decoder.container(keyedBy: CodingKeys.self)
                name = try container.decode(String.self, forKey: .name)
                try super.init(from: container.superDecoder())
            }
        }
        let connection = try await LiveServer.postgres18.connect()
        var names: [String] = []
        for try await dog in try await connection.query(
            "SELECT n AS id, 'dog ' || n AS dog_name FROM generate_series(1, 2) n"
        )
        .decode(Dog.self) {
            names.append("\(dog.id) \(dog.name)")
        }
        #expect(names == ["1 dog 1", "2 dog 2"])
    }

    @Test func `a decoder that is kept keeps its own row`() async throws {
        struct Lazy: Decodable {
            let decoder: any Decoder
            init(from decoder: any Decoder) { self.decoder = decoder }
        }
        let connection = try await LiveServer.postgres18.connect()
        var kept: [Lazy] = []
        for try await each in try await connection.query(
            "SELECT n AS id, 'row ' || n AS name FROM generate_series(1, 3) n"
        )
        .decode(Lazy.self) {
            kept.append(each)
        }
        await connection.close()
        #expect(try kept.map { try Named(from: $0.decoder).id } == [1, 2, 3])
    }

    @Test func `an error of the type's own is not passed off as the server's`() async throws {
        struct Refusal: Error { let secret = "Kanarienvogel" }
        struct Choosy: Decodable, Sendable {
            init(from decoder: any Decoder) throws { throw Refusal() }
        }
        let error = try await failure("SELECT 1 AS id", Choosy.self)
        #expect(error?.message == "cannot decode into Choosy: its own decoder threw a Refusal")
    }

    private func dumped(_ value: some Any) -> String {
        var text = ""
        dump(value, to: &text)
        return text
    }
}
