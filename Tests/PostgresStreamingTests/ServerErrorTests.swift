import PostgresStreaming
import PostgresTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ServerErrorTests {
    @Test(arguments: LiveServer.allCases, [QueryMode.extended, .simple])
    func `a server error has every field and leaves the connection usable`(
        _ live: LiveServer, _ mode: QueryMode
    ) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE account (id int CONSTRAINT account_key UNIQUE)")
        try await connection.execute("INSERT INTO account VALUES (1)")
        let error = await #expect(throws: PostgresError.self) {
            try await connection.execute("INSERT INTO account VALUES (1)", mode: mode)
        }
        #expect(error?.code == .server)
        #expect(error?.sqlState == .uniqueViolation)
        #expect(error?.server?.severity == "ERROR")
        #expect(error?.server?.table == "account")
        #expect(error?.server?.constraint == "account_key")
        #expect(error?.server?.detail == "Key (id)=(1) already exists.")
        #expect(error?.server?.routine != nil)
        #expect(error?.isConnectionUsable == true)
        #expect(try await connection.query("SELECT 1").first()?.decode(Int.self) == 1)
    }

    @Test(arguments: LiveServer.allCases)
    func `a syntax error says where it is`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let error = await #expect(throws: PostgresError.self) { _ = try await connection.query("SELEKT 1") }
        #expect(error?.sqlState == .syntaxError)
        #expect(error?.server?.position == 1)
    }

    @Test(arguments: LiveServer.allCases)
    func `an error after many rows comes behind those rows`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        var count = 0
        let error = await #expect(throws: PostgresError.self) {
            let rows = try await connection.query("SELECT 1 / (5000 - n) FROM generate_series(1, 10000) AS n")
            for try await _ in rows { count += 1 }
        }
        #expect(error?.sqlState == .divisionByZero)
        // The server drops what it had gathered but not sent, so the last rows before the error may be missing.
        #expect(count < 5000)
        #expect(try await connection.query("SELECT 1").first()?.decode(Int.self) == 1)
    }

    @Test(arguments: LiveServer.allCases)
    func `a value that does not fit its Swift type is an error, never garbage`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        func code<Value: PostgresDecodable>(
            _ query: PostgresQuery, _ type: Value.Type
        ) async throws -> PostgresError.Code? {
            do throws(PostgresError) {
                for try await _ in try await connection.query(query).decode(type) {}
                return nil
            } catch {
                #expect(error.isConnectionUsable)
                return error.code
            }
        }
        #expect(try await code("SELECT 1::int8", Int32.self) == .typeMismatch)
        #expect(try await code("SELECT 'a'", Int.self) == .typeMismatch)
        #expect(try await code("SELECT 1", String.self) == .typeMismatch)
        #expect(try await code("SELECT 1.5::float8", Float.self) == .typeMismatch)
        #expect(try await code("SELECT NULL::int4", Int.self) == .unexpectedNull)
        #expect(try await code("SELECT 1, 2", Int.self) == .columnMismatch)
        #expect(try await code("SELECT NULL::int4", Int?.self) == nil)
        #expect(try await code("SELECT 1::int2", Int.self) == nil)
    }

    @Test(arguments: LiveServer.allCases)
    func `COPY is refused in both directions and the connection goes on`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE c AS SELECT generate_series(1, 1000) AS n")
        for mode in [QueryMode.extended, .simple] {
            for query: PostgresQuery in ["COPY c TO STDOUT", "COPY c FROM STDIN"] {
                let error = await #expect(throws: PostgresError.self) {
                    try await connection.execute(query, mode: mode)
                }
                #expect(error?.code == .unsupported)
                #expect(try await connection.query("SELECT count(*) FROM c").first()?.decode(Int.self) == 1000)
            }
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `text with a NUL is refused before it is sent`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let error = await #expect(throws: PostgresError.self) {
            _ = try await connection.query(PostgresQuery(unsafeSQL: "SELECT '\0'"))
        }
        #expect(error?.code == .queryInvalid)
        #expect(try await connection.query("SELECT 1").first()?.decode(Int.self) == 1)
    }

    @Test(arguments: LiveServer.allCases)
    func `an error text of several megabytes is cut and survived`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let error = await #expect(throws: PostgresError.self) {
            try await connection.execute("DO $$ BEGIN RAISE EXCEPTION '%', repeat('z', 3000000); END $$")
        }
        #expect(error?.message.utf8.count == 64 << 10)
        #expect(try await connection.query("SELECT 1").first()?.decode(Int.self) == 1)
    }
}
