import FoundationEssentials
import PostgresFoundation
import PostgresStreaming
import PostgresTestSupport
import Testing

/// Foundation's values as parameters whose types the server says.
@Suite(.timeLimit(.minutes(1))) struct InferredDateTests {
    private func refusal(_ body: () async throws -> Void) async -> PostgresError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? PostgresError
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a point in time is never shifted into a column without time zone`(server: LiveServer) async throws {
        let connection = try await server.connect()
        try await connection.execute("SET TimeZone = 'Asia/Tokyo'")
        try await connection.execute("CREATE TEMPORARY TABLE happened (at timestamp, day date, exactly timestamptz)")
        let date = Date(timeIntervalSince1970: 0)
        for column in ["at", "day"] {
            let error = await refusal {
                try await connection.execute("INSERT INTO happened (\(identifier: column)) VALUES (\(date))")
            }
            #expect(error?.code == .parameterInvalid && error?.isConnectionUsable == true)
            #expect(error?.hint?.contains("Postgres") == true, "\(error.debugDescription)")
            let byArray = await refusal {
                try await connection.execute("SELECT 1 FROM happened WHERE \(identifier: column) = ANY(\([date]))")
            }
            #expect(byArray?.code == .parameterInvalid)
        }
        // With a cast, or a type, it is what was written.
        try await connection.execute(
            "INSERT INTO happened VALUES (\(date)::timestamp, CAST( \(date) AS date), \(date))")
        try await connection.execute(
            "INSERT INTO happened VALUES (\(date, as: .timestamptz), \(date, as: .timestamptz), \(date))")
        for try await (at, exactly) in try await connection.query("SELECT at::text, exactly FROM happened")
            .decode((String, Date).self)
        {
            #expect(at == "1970-01-01 09:00:00" && exactly == date)
        }
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `Data is bytes and JSON`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let json = Data(#"{"a": [1, 2]}"#.utf8)
        try await connection.execute("CREATE TEMPORARY TABLE many (b bytea, j jsonb)")
        try await connection.execute("INSERT INTO many VALUES (\(json), \(json))")
        let (bytes, text) = try await connection.query("SELECT b, j::text FROM many").only()
            .decode((Data, String).self)
        #expect(bytes == json && text == #"{"a": [1, 2]}"#)
        #expect(try await connection.query("SELECT \(json)").only().decode(Data.self) == json)
        await connection.close()
    }
}
