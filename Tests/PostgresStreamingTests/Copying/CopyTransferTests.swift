import PostgresStreaming
import PostgresTestSupport
import Testing

/// Data that is handed on from one connection to another.
@Suite(.timeLimit(.minutes(1))) struct CopyTransferTests {
    private static let columns = "(a int, b text, c timestamptz, d numeric[], e jsonb)"

    private nonisolated(nonsending) static func source(_ live: LiveServer) async throws -> sending PostgresConnection {
        let connection = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE source \(unsafeSQL: columns)")
        try await connection.execute(
            """
            INSERT INTO source SELECT n, repeat('x\t', n % 50), '2000-01-01'::timestamptz + n * interval '1 s', ARRAY[n, NULL],
                jsonb_build_object('n', n) FROM generate_series(1, 20000) n
            """)
        return connection
    }

    private nonisolated(nonsending) static func sum(
        _ table: PostgresQuery, on connection: PostgresConnection
    ) async throws -> String? {
        try await connection.query("SELECT md5(string_agg(t::text, ',' ORDER BY a)) FROM \(table) t").only()
            .decode(String?.self)
    }

    @Test(arguments: LiveServer.allCases, [nil, PostgresCopyFormat.text, .csv, .binary])
    func `rows arrive as they were, on another server too`(
        _ live: LiveServer, _ format: PostgresCopyFormat?
    ) async throws {
        let source = try await Self.source(live)
        let target = try await LiveServer.postgres15.connect()
        try await target.execute("CREATE TEMPORARY TABLE target \(unsafeSQL: Self.columns)")
        var last: PostgresCopyProgress?
        let result = try await source.copy(
            from: .table("source"), into: .table("target"), on: target, as: format
        ) { last = $0 }
        #expect(result.rowCount == 20_000)
        #expect(last?.bytes == result.sentBytes)
        #expect(try await Self.sum("target", on: target) == Self.sum("source", on: source))
    }

    @Test(arguments: LiveServer.allCases)
    func `columns of other types are read as text`(_ live: LiveServer) async throws {
        let source = try await Self.source(live)
        let target = try await live.connect()
        try await target.execute("CREATE TEMPORARY TABLE target (a numeric, b text, r regclass)")
        try await source.copy(
            from: .query("SELECT a, b, 'pg_class'::regclass FROM source"), into: .table("target"), on: target)
        try await source.copy(
            from: .query("WITH w AS (SELECT 1) SELECT 20001, '', 'pg_class'"), into: .table("target"), on: target)
        #expect(try await target.query("SELECT count(*) FROM target").only().decode(Int.self) == 20_001)
    }

    @Test(arguments: LiveServer.allCases)
    func `nothing arrives where either side fails, and both go on`(_ live: LiveServer) async throws {
        let source = try await Self.source(live)
        let target = try await live.connect()
        try await target.execute("CREATE TEMPORARY TABLE target (a int CHECK (a < 19000), b text)")
        let refused = await failure {
            try await source.copy(
                from: .table("source", columns: ["a", "b"]), into: .table("target"), on: target)
        }
        #expect(refused?.sqlState == .checkViolation)
        let failed = await failure {
            try await source.copy(
                from: .query("SELECT 1 / (a - 15000), b FROM source"), into: .table("target"), on: target)
        }
        #expect(failed?.sqlState == .divisionByZero)
        let missing = await failure {
            try await source.copy(from: .table("missing"), into: .table("target"), on: target, as: .text)
        }
        #expect(missing?.sqlState == .undefinedTable)
        let same = await failure {
            try await source.copy(from: .query("SELECT a, b FROM source"), into: .table("source"), on: source)
        }
        #expect(same?.code == .connectionBusy)
        #expect(try await target.query("SELECT count(*) FROM target").only().decode(Int.self) == 0)
        #expect(try await source.query("SELECT count(*) FROM source").only().decode(Int.self) == 20_000)
    }

    @Test(arguments: LiveServer.allCases)
    func `the format that is asked for is the one that is used`(_ live: LiveServer) async throws {
        let source = try await live.connect()
        let target = try await live.connect()
        try await source.execute("CREATE TEMPORARY TABLE source AS SELECT n FROM generate_series(1, 3) n")
        try await target.execute("CREATE TEMPORARY TABLE target (n int)")
        let formats: [(format: PostgresCopyFormat?, bytes: Int)] = [
            (.text, 6), (.csv(CopyCSVOptions(header: .present)), 8), (nil, 51), (.binary, 51),
        ]
        for (format, bytes) in formats {
            var last: PostgresCopyProgress?
            let result = try await source.copy(
                from: .table("source"), into: .table("target"), on: target, as: format
            ) { last = $0 }
            #expect(result.sentBytes == bytes)
            #expect(last?.bytes == bytes)
            #expect(last?.rowCount == 3)
        }
        var last: PostgresCopyProgress?
        let empty = try await source.copy(
            from: .query("SELECT 1 WHERE false"), into: .table("target"), on: target, as: .binary
        ) { last = $0 }
        #expect(empty.rowCount == 0)
        #expect(last?.rowCount == 0)
    }

    @Test func `rows with errors can be left out on the way`() async throws {
        let source = try await LiveServer.postgres15.connect()
        let target = try await LiveServer.postgres18.connect()
        try await target.execute("CREATE DOMAIN pg_temp.small AS int CHECK (VALUE < 3)")
        try await target.execute("CREATE TEMPORARY TABLE target (n pg_temp.small)")
        let options = PostgresCopyInput { $0.server.onError = .ignore }
        let result = try await source.copy(
            from: .query("SELECT n FROM generate_series(1, 5) n"), into: .table("target"), on: target, writing: options)
        #expect(result.rowCount == 2)
    }
}
