import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// What stands for an advisory lock.
@Suite struct AdvisoryKeyTests {
    @Test func `literals are numbers and names`() {
        let (number, name): (PostgresAdvisoryKey, PostgresAdvisoryKey) = (42, "nightly report")
        #expect(number == PostgresAdvisoryKey(42) && number.description == "42")
        #expect(name == PostgresAdvisoryKey(name: "nightly report"))
        #expect(PostgresAdvisoryKey("tenant \(7)") == PostgresAdvisoryKey(name: "tenant 7"))
        #expect(PostgresAdvisoryKey(0, 42) != number && PostgresAdvisoryKey(-1, 2).description == "-1, 2")
    }

    @Test func `a name has the same number for ever`() {
        // The first eight bytes of the SHA-256 of nothing, and of "abc" (FIPS 180-4).
        #expect(PostgresAdvisoryKey(name: "") == PostgresAdvisoryKey(Int64(bitPattern: 0xe3b0_c442_98fc_1c14)))
        #expect(PostgresAdvisoryKey(name: "abc") == PostgresAdvisoryKey(Int64(bitPattern: 0xba78_16bf_8f01_cfea)))
    }

    @Test(arguments: LiveServer.allCases, ["", "abc", "Bücher", "🔒", String(repeating: "x", count: 200)])
    func `other programs compute the same number in SQL`(version: LiveServer, name: String) async throws {
        let connection = try await version.connect()
        let query: PostgresQuery = """
            SELECT ('x' || encode(substr(sha256(convert_to(\(name), 'UTF8')), 1, 8), 'hex'))::bit(64)::bigint
            """
        let number = try await connection.query(query).only().decode(Int64.self)
        #expect(PostgresAdvisoryKey(name: name) == PostgresAdvisoryKey(number))
        await connection.close()
    }
}
