import PostgresStreaming
import PostgresTestSupport
import Testing

extension ObservedRun {
    private static func named(_ name: String, _ change: (inout StreamOptions) -> Void = { _ in }) -> StreamOptions {
        StreamOptions { options in
            options.name = name
            change(&options)
        }
    }

    /// Queries that succeed and that fail, on the server, here, and in the decoder.
    func query() async throws {
        let connection = try await open()
        let small = Self.named("v_number") { $0.chunkSize = 16 }
        let numbers = try await connection.query("SELECT n::int8 FROM generate_series(1, 20000) n", options: small)
        var count = 0
        for try await _ in numbers.decode(Int64.self) {
            count += 1
            if count == 5 { probe() }
        }
        consume(count)
        try await connection.execute("SELECT 'kanari-9d41c7', \(Self.canary)")
        consume(1)
        await attempt { () throws(PostgresError) in
            try await connection.execute("SELECT 'kanari-9d41c7'::int", options: small)
        }
        await attempt { () throws(PostgresError) in
            try await connection.execute(PostgresQuery(unsafeSQL: "SELECT '\(Self.canary)\0'"))
        }
        let texts = try await connection.query("SELECT \(Self.canary)::text FROM generate_series(1, 3)")
        await attempt { () throws(PostgresError) in for try await _ in texts.decode(Int.self) {} }
        consume(3)
        let open = try await connection.query("SELECT 1")
        await attempt { () throws(PostgresError) in try await connection.execute("SELECT 2") }
        try await read(open)
        await connection.close()
        await attempt { () throws(PostgresError) in try await connection.execute("SELECT 3") }
    }

    /// Pauses that are ended, that end by themselves, and that fail.
    func steer() async throws {
        let connection = try await open()
        let rows = try await connection.query("SELECT n::int8 FROM generate_series(1, 50000) n")
        rows.control.pause(reason: Self.canary)
        rows.control.resume()
        rows.control.pause(for: .milliseconds(1))
        try await read(rows)
        let failing = try await connection.query("SELECT n::int8 FROM generate_series(1, 50000) n")
        failing.control.pause(for: .milliseconds(1), then: .fail)
        await attempt { () throws(PostgresError) in try await read(failing) }
        await connection.close()
    }

    /// Keeps rows until the limit is reached.
    func fillMemory() async throws {
        let connection = try await open()
        let options = Self.named("v_text") { options in
            options.memoryMax = 1 << 20
            options.memorySoftMax = 1 << 19
            options.memoryWait = .milliseconds(50)
        }
        let rows = try await connection.query(
            "SELECT repeat('x', 1000) FROM generate_series(1, 20000)", options: options)
        var kept: [RowChunk] = []
        await attempt { () throws(PostgresError) in
            for try await chunk in rows.chunks {
                kept.append(chunk)
                consume(chunk.count)
            }
        }
        kept = []
        try await connection.expectUsable()
        consume(1)
        await connection.close()
    }

    /// The time for a query, and for a server's silence.
    func passDeadlines() async throws {
        let connection = try await open()
        for options in [
            StreamOptions { $0.timeout = .milliseconds(20) }, StreamOptions { $0.idleTimeout = .milliseconds(20) },
        ] {
            await attempt { () throws(PostgresError) in
                try await read(connection.query("SELECT pg_sleep(60)", options: options))
            }
        }
        await connection.close()
    }

    /// Documents by the hooks that whoever decodes documents calls, on a stream of them with a predicate.
    func readDocuments() async throws {
        let connection = try await open()
        let options = Self.named("v_document") { options in
            options.traits.hasWhereSQL = .yes
            options.traits.hasWherePredicate = .yes
            options.traits.hasOrderBy = .no
        }
        let documents = try await connection.query(
            """
            SELECT CASE WHEN n % 10 = 0 THEN '{"kanari-9d41c7"' ELSE jsonb_build_object('id', n)::text END
            FROM generate_series(1, 1000) n WHERE n > 0
            """, options: options)
        var reader = DocumentReader(control: documents.control)
        for try await chunk in documents.chunks {
            consume(chunk.count)
            try reader.read(chunk)
        }
        await connection.close()
    }
}
