import PostgresStreaming
import PostgresTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct PostgresTypeTests {
    @Test(arguments: LiveServer.allCases)
    func `built-in types are what the server's catalogue says`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let rows = try await connection.query(
            """
            SELECT t.oid, format_type(t.oid, NULL), t.typarray, t.typelem, t.typsend <> 0, t.typcategory = 'A' OR t.typname = '_record'
            FROM pg_type t
            WHERE t.oid < 10000 AND t.typtype <> 'c' AND t.typnamespace = 'pg_catalog'::regnamespace
            AND t.typelem NOT IN (SELECT oid FROM pg_type WHERE typtype = 'c')
            """)
        var count = 0
        for try await (oid, name, array, element, hasSend, isArray) in rows.decode(
            (UInt32, String, UInt32, UInt32, Bool, Bool).self)
        {
            let type = PostgresType(rawValue: oid)
            count += 1
            #expect(type.description == name)
            #expect(type.isBuiltIn)
            #expect(type.arrayType?.rawValue ?? 0 == array, "\(name)")
            #expect(type.elementType?.rawValue ?? 0 == (isArray ? element : 0), "\(name)")
            // An array without a binary form for its elements has none, though it has a send function.
            let elementHasSend = ![.aclitemArray, .gtsvectorArray].contains(type)
            #expect(type.hasBinaryOutput == (hasSend && elementHasSend), "\(name)")
        }
        #expect(count > 180)
    }

    @Test(arguments: LiveServer.allCases)
    func `range types are what the server's catalogue says`(server: LiveServer) async throws {
        let connection = try await server.connect()
        let rows = try await connection.query(
            "SELECT rngtypid, rngsubtype, rngmultitypid FROM pg_range WHERE rngtypid < 10000")
        var count = 0
        for try await (range, bound, multirange) in rows.decode((UInt32, UInt32, UInt32).self) {
            count += 1
            #expect(PostgresType(rawValue: bound).rangeType?.rawValue == range)
            #expect(PostgresType(rawValue: bound).multirangeType?.rawValue == multirange)
            #expect(PostgresType(rawValue: range).boundType?.rawValue == bound)
            #expect(PostgresType(rawValue: multirange).boundType?.rawValue == bound)
        }
        #expect(count == 6)
    }

    @Test func `types that are not built in have a number for a name`() {
        let type = PostgresType(rawValue: 16_400)
        #expect(type.description == "OID 16400")
        #expect(!type.isBuiltIn)
        #expect(type.hasBinaryOutput)
        #expect(type.arrayType == nil && type.elementType == nil && type.rangeType == nil && type.boundType == nil)
        #expect(!PostgresType.unspecified.isBuiltIn)
    }
}
