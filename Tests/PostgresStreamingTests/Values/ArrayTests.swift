import PostgresStreaming
import PostgresTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct ArrayTests {
    private enum Mood: String, PostgresDecodable, PostgresEncodable {
        case sad, happy = "very \"happy\""
    }

    @Test(arguments: LiveServer.allCases)
    func `arrays go to the server and come back`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let rows = try await connection.query(
            """
            SELECT \([1, 2, 3]), \([Int?.some(1), nil]), \([Int]()), \([[1, 2], [3, 4], [5, 6]]), \([[UInt8](), [0, 255]]),
            \([1.5, -0.0, .infinity]), \(["a", "", "NULL", "q\\\"{,}", "é"])::text[], \([String?.some("x"), nil])::text[],
            \([[["deep"]]])::text[], \([true, false])
            """)
        typealias Arrays = (
            [Int], [Int?], [Int], [[Int]], [[UInt8]], [Double], [String], [String?], [[[String]]], [Bool]
        )
        let row = try #require(try await rows.first())
        let values: Arrays = try row.decode(Arrays.self)
        #expect(values.0 == [1, 2, 3])
        #expect(values.1 == [1, nil])
        #expect(values.2 == [])
        #expect(values.3 == [[1, 2], [3, 4], [5, 6]])
        #expect(values.4 == [[], [0, 255]])
        #expect(values.5 == [1.5, -0.0, .infinity] && values.5[1].sign == .minus)
        #expect(values.6 == ["a", "", "NULL", "q\\\"{,}", "é"])
        #expect(values.7 == ["x", nil])
        #expect(values.8 == [[["deep"]]])
        #expect(values.9 == [true, false])
    }

    @Test(arguments: LiveServer.allCases)
    func `an array is a list of choices`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let ids = [3, 5, 7]
        let names = ["pg_class", "pg_type", "no \"such\" table"]
        let count = try await connection.query("SELECT count(*) FROM generate_series(1, 6) AS n WHERE n = ANY(\(ids))")
        #expect(try await count.first()?.decode(Int.self) == 2)
        let tables = try await connection.query("SELECT count(*) FROM pg_class WHERE relname = ANY(\(names))")
        #expect(try await tables.first()?.decode(Int.self) == 2)
    }

    @Test(arguments: LiveServer.allCases)
    func `an enum of the database is an enum of Swift, alone and in arrays`(server: LiveServer) async throws {
        let connection = try await server.connect()
        _ = try await connection.query("CREATE TYPE pg_temp.mood AS ENUM ('sad', 'very \"happy\"')")
        for mode in [QueryMode.extended, .simple] {
            let rows = try await connection.query(
                "SELECT 'sad'::pg_temp.mood, ARRAY['very \"happy\"', NULL, 'sad']::pg_temp.mood[]", mode: mode)
            let row = try #require(try await rows.first())
            let (mood, moods) = try row.decode((Mood, [Mood?]).self)
            #expect(mood == .sad)
            #expect(moods == [.happy, nil, .sad])
        }
        let sent = try await connection.query(
            "SELECT \(Mood.happy)::pg_temp.mood, \([Mood.sad, .happy])::pg_temp.mood[]")
        let row = try #require(try await sent.first())
        let (mood, moods) = try row.decode((Mood, [Mood]).self)
        #expect(mood == .happy)
        #expect(moods == [.sad, .happy])
    }

    @Test func `NULL in an array of what is not optional is refused`() throws {
        let (bytes, _) = try encode([Int?.none])
        #expect(
            failure { () throws(PostgresError) in try decode(bytes, .int8Array, as: [Int].self) }?.code
                == .unexpectedNull)
    }

    @Test func `an array of other dimensions or elements is refused`() throws {
        let (flat, _) = try encode([1, 2])
        let (nested, _) = try encode([[1], [2]])
        #expect(
            failure { () throws(PostgresError) in try decode(flat, .int8Array, as: [[Int]].self) }?.code
                == .typeMismatch)
        #expect(
            failure { () throws(PostgresError) in try decode(nested, .int8Array, as: [Int].self) }?.code
                == .typeMismatch)
        #expect(
            failure { () throws(PostgresError) in try decode(flat, .int8Array, as: [Bool].self) }?.code == .typeMismatch
        )
        #expect(failure { () throws(PostgresError) in try decode(flat, .int8, as: [Int].self) }?.code == .typeMismatch)
        #expect(
            failure { () throws(PostgresError) in try decode(flat, .int8Array, as: Int.self) }?.code == .typeMismatch)
        #expect(
            failure { () throws(PostgresError) in try decode(flat, .int4Array, as: [Int].self) }?.code
                == .valueMalformed)
    }

    @Test func `inner arrays of different lengths are no parameter`() throws {
        #expect(failure { () throws(PostgresError) in try encode([[1], [2, 3]]) }?.code == .parameterInvalid)
        #expect(failure { () throws(PostgresError) in try encode([[], [2]]) }?.code == .parameterInvalid)
        #expect(failure { () throws(PostgresError) in try encode([["a"], []]) }?.code == .parameterInvalid)
        #expect(failure { () throws(PostgresError) in try encode([[[[[[[1]]]]]]]) }?.code == .parameterInvalid)
        #expect(try encode([[Int](), []]).bytes == encode([Int]()).bytes)
        #expect(try encode([[String](), []]).bytes == Array("{}".utf8))
    }

    @Test(arguments: LiveServer.allCases)
    func `a query with a value that cannot be encoded is not sent, and the connection goes on`(
        server: LiveServer
    ) async throws {
        let connection = try await server.connect()
        await #expect { _ = try await connection.query("SELECT \([[1], [2, 3]])") } throws: { error in
            (error as? PostgresError)?.code == .parameterInvalid
        }
        #expect(try await connection.query("SELECT \([1])").first()?.decode([Int].self) == [1])
    }

    @Test(arguments: [
        ("{}", [Int?]()), ("{1}", [1]), ("{1,NULL,-3}", [1, nil, -3]), ("[0:1]={5,6}", [5, 6]), ("{\"7\"}", [7]),
        ("[-2:-2]={1}", [1]),
    ])
    func `the text form is read`(text: String, values: [Int?]) throws {
        #expect(try decode(text: text, .int8Array, as: [Int?].self) == values)
    }

    @Test(arguments: [
        "", "{", "}", "{1", "{1}}", "{,}", "{1,}", "{,1}", "{{1},2}", "{1,{2}}", "{{1},{2,3}}", "[0:0]={1,2}",
        "[1:0]={}",
        "[0:0]={}", "[0:1={1,2}", "[1]={1}", "={1}", "{\"1}", "{1\"\"}", "{1\\", "x", "{{}}", "{{{{{{{1}}}}}}}",
        "[2147483647:2147483647]={1}", "[-99999999999:1]={1}", "{1} ",
    ])
    func `text that is no array is refused`(text: String) throws {
        let error = failure { () throws(PostgresError) in try decode(text: text, .int8Array, as: [[Int]].self) }
        let flat = failure { () throws(PostgresError) in try decode(text: text, .int8Array, as: [Int].self) }
        #expect(error?.code == .valueMalformed && flat?.code == .valueMalformed)
    }
}
