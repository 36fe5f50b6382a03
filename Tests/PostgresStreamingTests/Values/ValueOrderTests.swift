import PostgresStreaming
import PostgresTestSupport
import Testing

/// Values in the order that the server puts them in.
@Suite(.timeLimit(.minutes(1))) struct ValueOrderTests {
    private func compare<Value: PostgresDecodable & Comparable & Sendable>(
        _ connection: PostgresConnection, _ type: String, _ value: Value.Type, _ texts: [String]
    ) async throws {
        let list = texts.map { "('\($0)'::\(type))" }.joined(separator: ", ")
        let rows = try await connection.query(
            PostgresQuery(unsafeSQL: "SELECT array_agg(x ORDER BY x), array_agg(x) FROM (VALUES \(list)) AS v(x)"))
        let (sorted, unsorted) = try #require(try await rows.first()).decode(([Value], [Value]).self)
        #expect(unsorted.sorted() == sorted, "\(type)")
    }

    @Test(arguments: LiveServer.allCases)
    func `values compare as they do in the server`(server: LiveServer) async throws {
        let connection = try await server.connect()
        try await compare(
            connection, "numeric", PostgresNumeric.self,
            [
                "NaN", "1", "-1", "0", "Infinity", "-Infinity", "1.0001", "1.00", "-10000", "9999.9", "1e20", "1e-20",
                "-1e-20", "20000", "10000.5",
            ])
        try await compare(
            connection, "date", PostgresDate.self,
            ["infinity", "2000-01-01", "0044-03-15 BC", "-infinity", "9999-12-31"])
        try await compare(connection, "time", PostgresTime.self, ["24:00", "00:00", "12:00", "12:00:00.000001"])
        try await compare(
            connection, "timetz", PostgresTimeTZ.self,
            ["12:00+00", "12:00+01", "11:00+00", "13:00+01", "12:00-01", "14:00+02"])
        try await compare(
            connection, "timestamptz", PostgresTimestampTZ.self,
            ["infinity", "2000-01-01 00:00+01", "2000-01-01 00:00+00", "-infinity"])
        try await compare(
            connection, "uuid", PostgresUUID.self,
            [
                "ffffffff-0000-0000-0000-000000000000", "00000000-0000-0000-ffff-000000000000",
                "00000000-0000-0000-0000-000000000001",
            ])
        try await compare(connection, "money", PostgresMoney.self, ["-5", "5", "0", "0.01"])
        try await compare(
            connection, "inet", PostgresInet.self,
            [
                "10.0.0.1", "10.0.0.1/8", "10.0.0.0/8", "10.0.0.0/16", "11.0.0.0/8", "::1", "::/0", "0.0.0.0/0",
                "255.255.255.255", "10.1.0.0/16", "2001:db8::/32", "2001:db8::1",
            ])
        try await compare(
            connection, "cidr", PostgresCIDR.self,
            ["10.0.0.0/8", "10.0.0.0/16", "10.1.0.0/16", "9.0.0.0/8", "::/0", "2001:db8::/32"])
        try await compare(
            connection, "macaddr", PostgresMACAddress.self,
            ["08:00:2b:01:02:03", "ff:00:00:00:00:00", "00:00:00:00:00:01"])
        try await compare(
            connection, "varbit", PostgresBitString.self, ["", "0", "1", "00", "01", "10", "0000000000", "11111111"])
        try await compare(connection, "pg_lsn", PostgresLSN.self, ["1/0", "0/FFFFFFFF", "0/0"])
        try await compare(connection, "tid", PostgresTupleID.self, ["(1,0)", "(0,65535)", "(0,1)"])
        try await compare(connection, "\"char\"", PostgresChar.self, ["a", "", "Z", "~"])
    }
}
