import PostgresStreaming
import PostgresTestSupport
import Testing

/// `int2vector` and `oidvector`: arrays of one dimension, also where they are empty, whose indices begin at 0.
@Suite(.timeLimit(.minutes(1))) struct VectorTests {
    @Test(arguments: LiveServer.allCases, [[Int16](), [1], [-1, 0, 300]])
    func `lists go to the server as vectors and come back`(server: LiveServer, numbers: [Int16]) async throws {
        let connection = try await server.connect()
        let objects = numbers.map { UInt32(truncatingIfNeeded: $0) }
        let bounds = PostgresArray(
            numbers, dimensions: numbers.isEmpty ? [] : [.init(count: numbers.count, lowerBound: 0)])
        let array = try #require(bounds)
        for _ in 1...2 {
            let rows = try await connection.query(
                """
                SELECT \(numbers, as: .int2vector), \(objects, as: .oidvector), \(array, as: .int2vector),
                \(numbers, as: .int2vector)::text, \(objects, as: .oidvector)::text,
                array_ndims(\(numbers, as: .int2vector)::int2[])
                """)
            let (numbersBack, objectsBack, arrayBack, text, objectText, dimensions) = try await rows.only().decode(
                ([Int16], [UInt32], PostgresArray<Int16>, String, String, Int32?).self)
            #expect(numbersBack == numbers && objectsBack == objects && arrayBack == array)
            #expect(text == numbers.map { "\($0)" }.joined(separator: " "))
            #expect(objectText == objects.map { "\($0)" }.joined(separator: " "))
            #expect(dimensions == 1)
        }
        let list = numbers.map { "\($0)" }.joined(separator: " ")
        let query = PostgresQuery(unsafeSQL: "SELECT '\(list)'::int2vector")
        for mode in [QueryMode.extended, .simple] {
            let back = try await connection.query(query, mode: mode).only().decode([Int16].self)
            #expect(back == numbers)
        }
    }

    @Test(arguments: LiveServer.allCases)
    func `a prepared statement takes them too`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let find = try await connection.prepare("SELECT $1::oidvector, $1::text", parameters: [UInt32].self)
        for objects: [UInt32] in [[], [1, 2]] {
            let (back, text) = try await find.query(objects).only().decode(([UInt32], String).self)
            #expect(back == objects && text == objects.map { "\($0)" }.joined(separator: " "))
        }
    }

    @Test func `the text form stands without braces`() throws {
        #expect(try encode([Int16](), as: .int2vector) == ([], .text))
        #expect(try encode(["1", "2"], as: .int2vector) == (Array("1 2".utf8), .text))
        #expect(try encode(["7"], as: .oidvector) == (Array("7".utf8), .text))
    }

    @Test func `what is no vector is refused`() {
        for refused in [
            failure { () throws(PostgresError) in try encode([Int16?.none], as: .int2vector) },
            failure { () throws(PostgresError) in try encode([[Int16(1)], [2]], as: .int2vector) },
            failure { () throws(PostgresError) in try encode(PostgresArray([Int16(1)]), as: .int2vector) },
            failure { () throws(PostgresError) in try encode([String?.none], as: .oidvector) },
        ] {
            #expect(refused?.code == .parameterInvalid)
        }
    }
}
