import Foundation
import Glibc
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import PostgresTransport
import Testing

/// How events read as lines, and what happens to lines that nobody reads.
@Suite struct EventLineTests {
    private static func events(_ text: String, includesText: Bool) async throws -> [PostgresEvent] {
        var interests = ObserverInterests()
        interests.includesText = includesText
        let observer = RecordingObserver(interests)
        var configuration = try PostgresConfiguration(
            connectionString: await LiveServer.postgres15.server.url, environment: .none)
        configuration.observer = observer
        let connection = try await PostgresConnection.connect(configuration)
        let options = StreamOptions { $0.name = "a \"view\"\n\u{202E}" }
        try await connection.execute(PostgresQuery(unsafeSQL: text), options: options)
        await connection.close()
        return observer.events
    }

    @Test func `every line is one, and JSON that says what the event says`() async throws {
        let sql = "SELECT '\\ \"\n\t\u{0}\u{7}ü\u{1F40E}\u{2028}'".replacing("\u{0}", with: "")
        for event in try await Self.events(sql, includesText: true) {
            let line = event.line(.json)
            #expect(!line.contains { $0.isNewline } && !line.unicodeScalars.contains("\u{202E}"))
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(object["event"] as? String == event.kind.description)
            #expect(object["connection"] as? Int == event.connection && object["query"] as? Int == event.query)
            #expect(object["name"] as? String == event.name && object["phase"] as? String == event.phase?.rawValue)
            if event.kind == .queryPhase { #expect(object["text"] as? String == sql) }
            if let time = event.duration {
                let seconds = try #require(object["duration"] as? Double)
                #expect(abs(seconds - time / .seconds(1)) < 1e-9)
            }
        }
    }

    @Test func `a text line begins with time and event, and quotes what has blanks`() async throws {
        let done = try #require(try await Self.events("SELECT 1", includesText: false).last { $0.phase == .done })
        let line = done.line(.text)
        #expect(
            line.prefixMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z query_phase connection=\d+ query=\d+ name="/)
                != nil)
        #expect(line.contains(#"name="a \"view\"\n\u202e" phase=done duration="#) && line.hasSuffix("status=success"))
        #expect(!line.contains("SELECT"))
    }

    @Test func `a long text is cut so that the line fits a pipe`() async throws {
        let sql = "SELECT '\(String(repeating: "\u{1}\"", count: 50_000))'"
        for event in try await Self.events(sql, includesText: true) {
            for format in [EventFormat.json, .text] { #expect(event.line(format).utf8.count < 4096) }
            #expect((try? JSONSerialization.jsonObject(with: Data(event.line(.json).utf8))) != nil)
        }
    }

    @Test func `lines go to the descriptor, and where nobody reads they are left out and counted`() async throws {
        let events = try await Self.events("SELECT 1", includesText: false)
        var ends: [Int32] = [-1, -1]
        #expect(unsafe pipe(&ends) == 0)
        let (reading, writing) = (ends[0], ends[1])
        let observer = StandardErrorObserver(format: .text, interests: ObserverInterests(), descriptor: writing)
        // A pipe takes 64 KiB.
        for _ in 0..<1_000 { for event in events { observer.observe(event) } }
        let first = Self.read(reading)
        #expect(first.count > 100 && first.count < 1_000 * events.count)
        #expect(first.allSatisfy { $0.contains(" connection=") })
        observer.observe(events[0])
        let next = Self.read(reading)
        #expect(next.count == 2 && next.first?.contains("events were left out because nobody reads them") == true)
        #expect(next.last == events[0].line(.text))
        close(reading)
        close(writing)
    }

    private static func read(_ descriptor: Int32) -> [String] {
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test func `a reader that went away harms nobody`() async throws {
        let events = try await Self.events("SELECT 1", includesText: false)
        var ends: [Int32] = [-1, -1]
        #expect(unsafe pipe(&ends) == 0)
        close(ends[0])
        let observer = StandardErrorObserver(format: .json, interests: ObserverInterests(), descriptor: ends[1])
        for event in events { observer.observe(event) }
        close(ends[1])
    }
}
