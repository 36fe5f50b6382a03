import PostgresStreaming
import PostgresTestSupport
import Testing

/// The data of a COPY as records of fields, and what the server says of its progress.
@Suite(.timeLimit(.minutes(1))) struct CopyRecordsTests {
    @Test(arguments: LiveServer.allCases, [PostgresCopyFormat.text, .csv, .binary])
    func `records are the rows, field by field`(_ live: LiveServer, _ format: PostgresCopyFormat) async throws {
        let connection = try await live.connect()
        let source = PostgresCopySource.query(
            "SELECT n::text, NULLIF(n, 3)::text, E'a\\t\"\\n\\\\' || n FROM generate_series(1, 3000) n")
        let data = try await connection.copyOut(from: source, as: format)
        var (count, wrong) = (0, 0)
        try await data.forEachRecord(of: format) { record throws(PostgresError) in
            count += 1
            let fields = [try record.string(at: 0), try record.string(at: 1), try record.string(at: 2)]
            let isRight =
                record.count == 3 && fields == ["\(count)", count == 3 ? nil : "\(count)", "a\t\"\n\\\(count)"]
            if !isRight { wrong += 1 }
        }
        #expect(count == 3000)
        #expect(wrong == 0)
    }

    @Test(arguments: LiveServer.allCases)
    func `data of another format is refused, and the COPY is left`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let data = try await connection.copyOut(from: .query("SELECT generate_series(1, 100000000)"), as: .text)
        let error = await failure { try await data.forEachRecord(of: .binary) { _ in } }
        #expect(error?.code == .valueMalformed)
        #expect(try await connection.query("SELECT 1").only().decode(Int.self) == 1)
    }

    @Test(arguments: LiveServer.allCases)
    func `another connection sees how far the server has come`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let other = try await live.connect()
        try await connection.execute("CREATE TEMPORARY TABLE target (n int)")
        let process = try await connection.query("SELECT pg_backend_pid()").only().decode(Int32.self)
        #expect(try await other.serverCopyProgress(ofProcess: process) == nil)
        try await connection.copyIn("COPY target FROM STDIN") { writer in
            // The server's view of it is behind what was sent, by a moment.
            var progress: PostgresServerCopyProgress?
            while progress?.rowCount ?? 0 == 0 {
                try await writer.write(String(repeating: "1\n", count: 50_000))
                progress = try await other.serverCopyProgress(ofProcess: process)
            }
            #expect((progress?.bytes ?? 0) > 0)
            #expect(progress?.bytesTotal == nil)
        }
    }
}
