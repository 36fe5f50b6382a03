import PostgresStreaming
import PostgresTestSupport
import Testing

/// Text that a session's settings have the server write differently.
@Suite(.timeLimit(.minutes(1))) struct ValueSettingsTests {
    @Test(arguments: LiveServer.allCases)
    func `every style of intervals is read`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let intervals = [
            "0", "1 year 2 mons", "-1 year -2 mons", "3 days", "-3 days", "04:05:06.789", "-04:05:06.789",
            "00:00:00.000001",
            "1 year 2 mons -3 days 04:05:06.789", "-1 year -2 mons +3 days -04:05:06", "1 mon -1 day", "100:00:00",
            "1 day -00:00:01",
        ]
        for style in ["postgres", "postgres_verbose", "sql_standard", "iso_8601"] {
            _ = try await connection.query(PostgresQuery(unsafeSQL: "SET intervalstyle = '\(style)'"))
            for interval in intervals {
                let query = PostgresQuery(unsafeSQL: "SELECT '\(interval)'::interval")
                let binary = try #require(try await connection.query(query).first()).decode(PostgresInterval.self)
                let row = try #require(try await connection.query(query, mode: .simple).first())
                #expect(try row.decode(PostgresInterval.self) == binary, "\(interval) as \(style)")
            }
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a point in time is the same in every zone`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let instants = ["1000-01-01 00:00+00", "2024-06-01 12:00:00.25+00", "0044-03-15 12:00+00 BC", "infinity"]
        for zone in ["UTC", "Asia/Kolkata", "America/St_Johns", "Europe/Amsterdam"] {
            _ = try await connection.query(PostgresQuery(unsafeSQL: "SET TimeZone = '\(zone)'"))
            for instant in instants {
                let query = PostgresQuery(unsafeSQL: "SELECT '\(instant)'::timestamptz")
                let binary = try #require(try await connection.query(query).first()).decode(PostgresTimestampTZ.self)
                let row = try #require(try await connection.query(query, mode: .simple).first())
                #expect(try row.decode(PostgresTimestampTZ.self) == binary, "\(instant) in \(zone)")
            }
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `text dates in another style are an error, and binary ones are not`(server: LiveServer) async throws {
        let connection = try await server.connect()
        for style in ["German", "SQL, DMY", "Postgres, MDY"] {
            _ = try await connection.query(PostgresQuery(unsafeSQL: "SET DateStyle = '\(style)'"))
            let query: PostgresQuery = "SELECT '2024-02-03'::date"
            let binary = try #require(try await connection.query(query).first())
            #expect(try binary.decode(PostgresDate.self) == PostgresDate(year: 2024, month: 2, day: 3))
            let text = try #require(try await connection.query(query, mode: .simple).first())
            let error = failure { () throws(PostgresError) in try text.decode(PostgresDate.self) }
            #expect(error?.code == .valueMalformed, "\(style)")
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `both text forms of bytea are read`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let bytes = (0...255).map { UInt8($0) }
        for output in ["hex", "escape"] {
            _ = try await connection.query(PostgresQuery(unsafeSQL: "SET bytea_output = '\(output)'"))
            let query = PostgresQuery(
                unsafeSQL:
                    "SELECT decode('\(bytes.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined())', 'hex')"
            )
            let row = try #require(try await connection.query(query, mode: .simple).first())
            #expect(try row.decode([UInt8].self) == bytes)
        }
    }
}
