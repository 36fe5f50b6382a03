import PostgresStreaming
import PostgresTestSupport
import Testing

/// What a connection keeps of what its server says is bounded in bytes, however much that is.
@Suite(.timeLimit(.minutes(1))) struct KeptBytesTests {
    /// Runs one query, in whose answer the server says all this, and hands the connection over.
    private func hear(_ messages: BackendBytes, _ body: (PostgresConnection) throws -> Void) async throws {
        let answer = messages.bytes + BackendBytes().complete("SELECT 0").ready().bytes
        let script: [Step] = script(.welcome, [.expect("PBDES"), .send(answer), .expectEnd])
        try await ScriptedServer.run(script) { server in
            let connection = try await PostgresConnection.connect(server.url)
            for try await _ in try await connection.query("SELECT n FROM numbers") {}
            try body(connection)
            await connection.close()
        }
    }

    /// A notice whose fields have so many bytes each.
    private static func notice(_ number: Int, fields: Int, bytes: Int) -> [UInt8] {
        let text = String(repeating: "x", count: bytes)
        let fields = (0..<fields).flatMap { _ in BackendBytes.string("D\(text)") }
        return BackendBytes.string("VNOTICE") + BackendBytes.string("M\(number)") + fields + [0]
    }

    private static func size(_ notice: PostgresNotice) -> Int {
        "VMDHPpqWstcdnFLR".reduce(0) { $0 + (notice[$1]?.utf8.count ?? 0) }
    }

    @Test func `notices are kept within a megabyte, the newest of them`() async throws {
        let count = 60
        let told = (1...count).reduce(BackendBytes.beginning) {
            $0.message("N", Self.notice($1, fields: 1, bytes: 60_000))
        }
        try await hear(told) { connection in
            let kept = connection.takeNotices()
            #expect(kept.reduce(0) { $0 + Self.size($1) } <= 1 << 20)
            #expect(kept.map(\.message) == (count - kept.count + 1...count).map { "\($0)" })
            #expect((10...17).contains(kept.count))
            #expect(connection.lostNoticeCount == count - kept.count)
        }
    }

    @Test func `a notice of many long fields is cut, and the newest is kept`() async throws {
        let told = (1...6).reduce(BackendBytes.beginning) {
            $0.message("N", Self.notice($1, fields: 60, bytes: 65_000))
        }
        try await hear(told) { connection in
            #expect(connection.takeNotices().map(\.message) == ["6"])
            #expect(connection.lostNoticeCount == 5)
        }
    }

    @Test func `changes of parameters are kept within 256 KiB, the newest of them`() async throws {
        let told = (1...40).reduce(BackendBytes.beginning) {
            $0.parameter("search_path", "\($1) \(String(repeating: "x", count: 50_000))")
        }
        try await hear(told) { connection in
            let kept = connection.takeParameterChanges()
            #expect(kept.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count } <= 256 << 10)
            #expect(kept.map { $0.value.prefix { $0 != " " } } == ["36", "37", "38", "39", "40"])
        }
    }

    @Test func `short notices are kept by their number`() async throws {
        try await hear((1...150).reduce(BackendBytes.beginning) { $0.notice("\($1)") }) { connection in
            #expect(connection.takeNotices().map(\.message) == (51...150).map { "\($0)" })
            #expect(connection.lostNoticeCount == 50)
        }
    }
}
