import PostgresStreaming
import PostgresTestSupport
import Testing

/// Answers to the library's own questions that no server should give.
@Suite(.timeLimit(.minutes(1))) struct UnbelievableAnswerTests {
    /// Answers what a listener says; how full the queue is comes as `usage`, and a notification after it.
    private static func listening(_ usage: String) -> Step {
        .serve {
            var texts: [String] = []
            return { frame in
                switch frame.type {
                case UInt8(ascii: "P"): texts.append(String(decoding: frame.body, as: UTF8.self))
                case UInt8(ascii: "S"):
                    defer { texts.removeAll() }
                    return [.send(answer(to: texts, usage))]
                default: break
                }
                return []
            }
        }
    }

    private static func answer(to texts: [String], _ usage: String) -> [UInt8] {
        let run = BackendBytes().message("1").message("2")
        guard !texts.contains(where: { $0.contains("LISTEN") }) else {
            return run.complete("LISTEN").message("1").message("2").row([Array("7".utf8)]).complete("SELECT 1").ready()
                .bytes
        }
        guard texts.contains(where: { $0.contains("pg_listening_channels") }) else {
            return run.row([Array("f".utf8), Array("off".utf8)]).complete("SELECT 1").ready().bytes
        }
        let told = BackendBytes.int32(9) + BackendBytes.string("jobs") + BackendBytes.string("after")
        return run.row([Array("7 \(usage)".utf8)]).complete("SELECT 1").ready().message("A", told).bytes
    }

    @Test(arguments: ["inf", "-inf", "nan", "1e300", "-1", "2", "half", "0.7"])
    func `a listener lives through any figure for the queue`(usage: String) async throws {
        try await ScriptedServer.run(script(.welcome, [Self.listening(usage)])) { server in
            var configuration = try PostgresConfiguration(connectionString: server.url)
            configuration.metrics = PostgresMetrics()
            let client = PostgresClient(configuration)
            let listener = try client.listen(
                to: "jobs",
                options: PostgresListenerOptions {
                    $0.overflow = .suspend
                    $0.silenceMax = .milliseconds(400)
                })
            var elements = listener.makeAsyncIterator()
            #expect(try await elements.next()?.channels == ["jobs"])
            #expect(try await elements.next()?.notification?.payload == "after")
            await client.close()
        }
    }

    @Test func `a cursor whose columns change between two batches ends the connection`() async throws {
        let two = BackendBytes.int16(2) + ["a", "b"].flatMap { BackendBytes.column($0, typeOID: 20, size: 8) }
        let first = BackendBytes().message("1").message("2").message("T", two)
            .row([BackendBytes.int64(1), BackendBytes.int64(2)]).complete("FETCH 1").ready().bytes
        let declared = BackendBytes().message("1").message("2").message("n").complete("DECLARE CURSOR").ready().bytes
        let steps: [Step] = [
            .expect("PBDES"), .send(declared), .expect("PBDES"), .send(first), .expect("PBDES"),
            .send(BackendBytes.answer(1...1)), .expectAnyEnd,
        ]
        try await ScriptedServer.run(script(.welcome, steps)) { server in
            let connection = try await PostgresConnection.connect(
                try PostgresConfiguration(connectionString: server.url))
            let rows = try await connection.query("SELECT 1, 2", mode: .heldCursor(batch: 1))
            var iterator = rows.decode((Int, Int).self).makeAsyncIterator()
            let row = try await iterator.next()
            #expect(row?.0 == 1 && row?.1 == 2)
            let error = await failure { _ = try await iterator.next() }
            #expect(error?.code == .protocolViolation && error?.isConnectionUsable == false)
            await connection.close()
        }
    }
}
