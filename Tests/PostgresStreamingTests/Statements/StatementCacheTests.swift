import PostgresStreaming
import PostgresTestSupport
import Testing

/// What is said when a statement comes again, message by message.
@Suite(.timeLimit(.minutes(1))) struct StatementCacheTests {
    /// Plays a server that expects these flights, and runs `body` as its client.
    private func play(
        _ steps: [Step]..., change: (inout PostgresConfiguration) -> Void = { _ in },
        _ body: nonisolated(nonsending) (PostgresConnection) async throws -> Void
    ) async throws -> [ScriptedServer.FrontendFrame] {
        var frames: [ScriptedServer.FrontendFrame] = []
        let whole: [Step] = script(.welcome, steps.flatMap(\.self), [.expectEnd])
        try await ScriptedServer.run(whole) { server in
            var configuration = try PostgresConfiguration(connectionString: server.url)
            change(&configuration)
            let connection = try await PostgresConnection.connect(configuration)
            try await body(connection)
            frames = server.transcripts[0].frames
            await connection.close()
        }
        return frames
    }

    private static let known: [Step] = [
        .expect("BES"), .send(BackendBytes().message("2").rows(1...3).complete("SELECT 3").ready().bytes),
    ]

    private static let failed: [Step] = [
        .expect("PBDES"), .send(BackendBytes().error("ERROR", "42601", "syntax error").ready().bytes),
    ]

    /// A flight that begins by closing a statement.
    private static let closing: [Step] = [
        .expect("CPBDES"), .send(BackendBytes().message("3").bytes + BackendBytes.answer(1...3)),
    ]

    private func ask(_ connection: PostgresConnection, _ sql: String = "SELECT n FROM numbers") async throws {
        let numbers = await Outcome.of(PostgresQuery(unsafeSQL: sql), on: connection)
        if let error = numbers.error { throw error }
        #expect(numbers.numbers == [1, 2, 3])
    }

    @Test func `a query that comes again is prepared, and from then on parameters alone go to and fro`() async throws {
        let frames = try await play(.answer(1...3), .answer(1...3), Self.known, Self.known) { connection in
            for _ in 1...4 { try await ask(connection) }
        }
        let names = frames.filter { $0.type == UInt8(ascii: "P") }.map { Self.strings($0)[0] }
        #expect(names.count == 2 && names[0].isEmpty && names[1].hasPrefix("ps_"))
        // Bind has the portal's name, which is empty, and then the statement's.
        let bound = frames.filter { $0.type == UInt8(ascii: "B") }.map { Self.strings($0)[1] }
        #expect(bound == ["", names[1], names[1], names[1]])
    }

    @Test func `what is off is never prepared, and neither is anything behind a transaction pooler`() async throws {
        let off: (inout PostgresConfiguration) -> Void = { $0.statementCache = .off }
        let pooler: (inout PostgresConfiguration) -> Void = { $0.pooler = .transaction }
        for change in [off, pooler] {
            let frames = try await play(.answer(1...3), .answer(1...3), .answer(1...3), change: change) { connection in
                for _ in 1...3 { try await ask(connection) }
            }
            #expect(frames.filter { $0.type == UInt8(ascii: "P") }.allSatisfy { Self.strings($0)[0].isEmpty })
        }
    }

    @Test func `a session pooler changes nothing`() async throws {
        _ = try await play(.answer(1...3), .answer(1...3), Self.known, change: { $0.pooler = .session }) { connection in
            for _ in 1...3 { try await ask(connection) }
        }
    }

    @Test func `statements with other parameter types are other statements`() async throws {
        _ = try await play(.answer(1...3), .answer(1...3), .answer(1...3), Self.known) { connection in
            for query: PostgresQuery in [
                "SELECT \(1, as: .int8)", "SELECT \("1")", "SELECT \(2, as: .int8)", "SELECT \(3, as: .int8)",
            ] {
                _ = await Outcome.of(query, on: connection)
            }
        }
    }

    @Test func `the statement that was not used for longest is forgotten, and closed with the next flight`()
        async throws
    {
        let twice: [Step] = .answer(1...3) + .answer(1...3)
        let frames = try await play(
            twice, twice, Self.known, Self.closing, .answer(1...3), Self.known, Self.known,
            change: { $0.statementCache.countMax = 2 }
        ) { connection in
            for letter in "aabbaccac" { try await ask(connection, "SELECT \(letter)") }
        }
        let prepared = frames.filter { $0.type == UInt8(ascii: "P") }.map { (Self.strings($0)[0], Self.strings($0)[1]) }
        let closed = frames.filter { $0.type == UInt8(ascii: "C") }.map { Self.strings($0, after: 1)[0] }
        #expect(closed == prepared.filter { $0.1 == "SELECT b" && !$0.0.isEmpty }.map(\.0))
    }

    @Test func `a statement that is longer than all may be is not kept`() async throws {
        _ = try await play(
            .answer(1...3), .answer(1...3), .answer(1...3), change: { $0.statementCache.bytesMax = 4000 }
        ) { connection in
            for _ in 1...3 { try await ask(connection, "SELECT \(String(repeating: "x", count: 4000))") }
        }
    }

    @Test func `the bytes of all statements are bounded`() async throws {
        let letters = Array("aabb")
        let twice: [Step] = .answer(1...3) + .answer(1...3)
        // Both together are more than may be, so each forgets the other.
        _ = try await play(twice, Self.closing, change: { $0.statementCache.bytesMax = 4000 }) { connection in
            for letter in letters.prefix(3) {
                try await ask(connection, "SELECT \(String(repeating: letter, count: 2000))")
            }
        }
    }

    @Test func `the columns of statements count, and are counted when they are described`() async throws {
        let wide = Self.columns(1_000)
        // Each of the two has room, but both together have none; and no text is longer than a few bytes.
        let frames = try await play(
            Self.returning(wide), Self.returning(wide), Self.returning(wide), Self.returning(wide, "CPBDES"),
            change: { $0.statementCache.bytesMax = 300_000 }
        ) { connection in
            for letter in "aaba" { try await connection.execute(PostgresQuery(unsafeSQL: "SELECT \(letter)")) }
        }
        let names = frames.filter { $0.type == UInt8(ascii: "P") }.map { Self.strings($0)[0] }
        #expect(names.map(\.isEmpty) == [true, false, true, true])
        let closed = frames.filter { $0.type == UInt8(ascii: "C") }.map { Self.strings($0, after: 1)[0] }
        #expect(closed == [names[1]])
    }

    @Test func `a statement whose columns are more than all may be is not kept, and nothing goes for it`() async throws
    {
        let widest = Self.columns(3_000)
        _ = try await play(
            .answer(1...3), .answer(1...3), Self.returning(widest), Self.returning(widest), Self.returning(widest),
            Self.known, change: { $0.statementCache.bytesMax = 300_000 }
        ) { connection in
            for _ in 1...2 { try await ask(connection) }
            for _ in 1...3 { try await connection.execute("SELECT * FROM wide") }
            try await ask(connection)
        }
    }

    @Test func `a statement that is found to be too much when it is prepared is closed, and its rows come`()
        async throws
    {
        // The same statement returns few columns at first and many when it is prepared.
        let rows = BackendBytes().message("1").message("2").message("T", Self.columns(3_000))
            .row([[UInt8]?](repeating: nil, count: 3_000)).complete("SELECT 1").ready().bytes
        let frames = try await play(
            .answer(1...3), [.expect("PBDES"), .send(rows)], Self.closing,
            change: { $0.statementCache.bytesMax = 300_000 }
        ) { connection in
            try await ask(connection)
            var count = 0
            for try await _ in try await connection.query("SELECT n FROM numbers") { count += 1 }
            #expect(count == 1)
            try await ask(connection)
        }
        let names = frames.filter { $0.type == UInt8(ascii: "P") }.map { Self.strings($0)[0] }
        #expect(names.map(\.isEmpty) == [true, false, true])
    }

    @Test func `texts that differ in their bytes alone are two statements`() async throws {
        let spellings = ["SELECT '\u{E9}'", "SELECT 'e\u{301}'"]
        let frames = try await play(.answer(1...3), .answer(1...3)) { connection in
            for spelling in spellings { try await ask(connection, spelling) }
        }
        let texts = frames.filter { $0.type == UInt8(ascii: "P") }.map { Array(Self.strings($0)[1].utf8) }
        #expect(texts == spellings.map { Array($0.utf8) })
    }

    @Test func `long texts that differ in the middle alone are two statements`() async throws {
        let (begin, end) = (String(repeating: "a", count: 1_000), String(repeating: "b", count: 1_000))
        let frames = try await play(.answer(1...3), .answer(1...3), .answer(1...3), Self.known) { connection in
            for middle in "xyyy" { try await ask(connection, "SELECT 1 AS \(begin)\(middle)\(end)") }
        }
        let names = frames.filter { $0.type == UInt8(ascii: "P") }.map { Self.strings($0)[0] }
        #expect(names.map(\.isEmpty) == [true, true, false])
    }

    @Test func `prepared statements that are dropped are closed with the next one's flight`() async throws {
        let described = BackendBytes().message("1").message("t", BackendBytes.int16(0)).message("n").ready().bytes
        _ = try await play(
            [.expect("PDS"), .send(described)],
            [.expect("CPDS"), .send(BackendBytes().message("3").bytes + described)]
        ) { connection in
            for _ in 1...2 { _ = try await connection.prepare("SELECT", parameters: Void.self) }
        }
    }

    /// A description of so many columns, each with a name of its own.
    private static func columns(_ count: Int) -> [UInt8] {
        (0..<count).reduce(into: BackendBytes.int16(Int16(count))) {
            $0 += BackendBytes.column("column number \($1)", typeOID: 20, size: 8)
        }
    }

    /// An answer without rows to a flight that ends in a description.
    private static func returning(_ columns: [UInt8], _ flight: String = "PBDES") -> [Step] {
        let closed = flight.hasPrefix("C") ? BackendBytes().message("3").bytes : []
        let answer = BackendBytes().message("1").message("2").message("T", columns).complete("SELECT 0").ready()
        return [.expect(flight), .send(closed + answer.bytes)]
    }

    @Test func `a statement that could not be prepared is not taken for one that was`() async throws {
        _ = try await play(Self.failed, Self.failed, Self.failed, .answer(1...3), Self.known) { connection in
            for _ in 1...3 { #expect(await failure { try await ask(connection) }?.sqlState == .syntaxError) }
            for _ in 1...2 { try await ask(connection) }
        }
    }

    @Test func `a statement is known to be prepared also where its rows were left`() async throws {
        _ = try await play(.answer(1...3), .answer(1...3), Self.known) { connection in
            for _ in 1...2 {
                for try await _ in try await connection.query("SELECT n FROM numbers") { break }
            }
            try await ask(connection)
        }
    }

    @Test func `a statement that is gone is prepared anew, twice, and then nothing is kept any more`() async throws {
        let lost: [Step] = [
            .expect("BES"),
            .send(BackendBytes().error("ERROR", "26000", "prepared statement does not exist").ready().bytes),
        ]
        let frames = try await play(
            .answer(1...3), .answer(1...3), lost, Self.closing, lost, Self.unnamed, .answer(1...3)
        ) { connection in
            for _ in 1...5 { try await ask(connection) }
        }
        let names = frames.filter { $0.type == UInt8(ascii: "P") }.map { Self.strings($0)[0] }
        #expect(names.map(\.isEmpty) == [true, false, false, true, true])
        #expect(Set(names).count == 3, "a name is used once")
    }

    private static let unnamed: [Step] = .answer(1...3)

    @Test func `a name that is taken is changed`() async throws {
        let taken: [Step] = [
            .expect("PBDES"),
            .send(BackendBytes().error("ERROR", "42P05", "prepared statement already exists").ready().bytes),
        ]
        _ = try await play(.answer(1...3), taken, .answer(1...3), Self.known) { connection in
            for _ in 1...3 { try await ask(connection) }
        }
    }

    @Test(arguments: ["DISCARD ALL", "DEALLOCATE ALL"])
    func `a command that takes all statements away is noticed`(command: String) async throws {
        let taking: [Step] = [
            .expect("Q"), .send(BackendBytes().complete(command).ready().bytes),
        ]
        _ = try await play(.answer(1...3), .answer(1...3), taking, .answer(1...3), Self.known) { connection in
            for _ in 1...2 { try await ask(connection) }
            try await connection.execute(PostgresQuery(unsafeSQL: command), mode: .simple)
            for _ in 1...2 { try await ask(connection) }
        }
    }

    /// The texts at the front of a message, each ended by a zero.
    private static func strings(_ frame: ScriptedServer.FrontendFrame, after offset: Int = 0) -> [String] {
        frame.body.dropFirst(offset).split(separator: 0, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }
}
