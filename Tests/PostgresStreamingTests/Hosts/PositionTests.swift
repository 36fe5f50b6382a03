import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Positions as values.
@Suite struct PositionTests {
    @Test(arguments: ["1:0/0", "1:16/B374D848", "4294967295:FFFFFFFF/FFFFFFFF"])
    func `a position is read from its own text`(text: String) throws {
        #expect(PostgresPosition(text)?.description == text)
    }

    @Test(arguments: [
        "", ":", "1:", ":0/0", "1:0/0:", "+1:0/0", "-1:0/0", "4294967296:0/0", "1:0", "1:0/G", "1: 0/0", "0/0",
        "1:1:0/0",
    ])
    func `no other text is one`(text: String) {
        #expect(PostgresPosition(text) == nil)
    }

    @Test func `a later timeline is later, wherever its position is`() throws {
        let sorted = try ["1:2/0", "1:10/0", "2:0/1", "10:0/0"].map { try #require(PostgresPosition($0)) }
        #expect(sorted.shuffled().sorted() == sorted)
    }

    @Test(arguments: LiveServer.allCases)
    func `what is committed lies before the position that is asked for then`(version: LiveServer) async throws {
        let connection = try await version.connect()
        let before = try await connection.position()
        try await connection.execute("CREATE TEMPORARY TABLE place (id int)")
        let after = try await connection.position()
        #expect(before < after && after.timeline == 1)
        let written = try await connection.query("SELECT pg_current_wal_insert_lsn()").only().decode(PostgresLSN.self)
        #expect(after.lsn <= written)
        await connection.close()
    }

    @Test(arguments: LiveServer.allCases)
    func `right behind the end of a segment the position is that end`(version: LiveServer) async throws {
        let server = try await version.startAnother { $0.configuration = ["autovacuum": "off"] }
        let connection = try await PostgresConnection.connect(server.url)
        try await connection.execute("CREATE TABLE place (id int)")
        // What the background writes by itself may come in between, but not often.
        var isSegmentStart = false
        for _ in 0..<20 where !isSegmentStart {
            try await connection.execute("INSERT INTO place VALUES (1)")
            let end = try await connection.query("SELECT pg_switch_wal()").only().decode(PostgresLSN.self)
            let position = try await connection.position()
            #expect(position.lsn >= end)
            isSegmentStart = position.lsn.position % (16 << 20) == 0
        }
        #expect(isSegmentStart)
        await connection.close()
        await server.stop()
    }
}
