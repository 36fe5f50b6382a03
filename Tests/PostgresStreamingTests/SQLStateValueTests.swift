import PostgresStreaming
import PostgresTestSupport
import Testing

@Suite struct SQLStateValueTests {
    @Test func `a state knows its class, also one that has no name`() {
        #expect(SQLState.uniqueViolation.class == .integrityConstraintViolation)
        #expect(SQLState(rawValue: "23ABC").class == .integrityConstraintViolation)
        #expect(SQLState(rawValue: "").class == SQLState.Class(rawValue: ""))
        #expect(SQLState.Class.dataException == "22" && "\(SQLState.Class.dataException)" == "22")
    }

    @Test func `codes that share a condition have names of their own`() {
        #expect(SQLState.stringDataRightTruncation == "22001" && SQLState.warningStringDataRightTruncation == "01004")
        #expect(SQLState.nullValueNotAllowed == "22004" && SQLState.externalRoutineNullValueNotAllowed == "39004")
    }

    @Test(arguments: LiveServer.allCases)
    func `what a server reports is compared by name`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        for (sql, state, stateClass) in [
            ("SELECT 1/0", SQLState.divisionByZero, SQLState.Class.dataException),
            ("SELECT nothing", .undefinedColumn, .syntaxErrorOrAccessRuleViolation),
            ("SELECT 'a'::int", .invalidTextRepresentation, .dataException),
            ("COMMIT PREPARED 'no such'", .undefinedObject, .syntaxErrorOrAccessRuleViolation),
        ] {
            let error = await failure { try await connection.execute(PostgresQuery(unsafeSQL: sql)) }
            #expect(error?.sqlState == state && error?.sqlState?.class == stateClass, "\(sql)")
        }
    }
}
