import PostgresStreaming
import PostgresTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct HostileServerTests {
    struct Attack: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let answer: BackendBytes
        var code = PostgresError.Code.protocolViolation

        init(_ name: String, _ answer: BackendBytes, _ code: PostgresError.Code = .protocolViolation) {
            (testDescription, self.answer, self.code) = (name, answer, code)
        }
    }

    private static let beginning = BackendBytes.beginning
    private static let none = BackendBytes()

    static let order: [Attack] = [
        Attack("a row that was not described", none.message("1").message("2").rows(1...1)),
        Attack("a second description", beginning.message("T", BackendBytes.int16(0))),
        Attack("an end without CommandComplete", beginning.rows(1...2).ready()),
        Attack("CommandComplete twice", beginning.complete("SELECT 0").complete("SELECT 0").ready()),
        Attack("a row behind CommandComplete", beginning.rows(1...2).complete("SELECT 2").rows(3...3)),
        Attack("BindComplete first", none.message("2")),
        Attack("PortalSuspended", beginning.rows(1...1).message("s")),
        Attack("a cancel key in a query", beginning.message("K", [UInt8](repeating: 0, count: 8))),
        Attack("AuthenticationOk in a query", beginning.authentication(0)),
        Attack("CopyBothResponse", none.message("1").message("2").message("n").message("W", [0, 0, 0])),
        Attack("ReadyForQuery first", none.ready()),
        Attack("answers behind an error", none.error("ERROR", "42601", "no").message("1")),
    ]

    static let form: [Attack] = [
        Attack("an unknown message", beginning.message("!")),
        Attack("a length below four", beginning.message("C", length: 3, [])),
        Attack("a ReadyForQuery of 100,000 bytes", beginning.message("Z", length: 100_000, [])),
        Attack("a tag of 100,000 bytes", beginning.message("C", length: 100_000, [])),
        Attack("a negative length", beginning.message("C", length: -1, [])),
        Attack("a row's negative length", beginning.message("D", length: -5, [0, 1])),
        Attack("a row without room for its columns", beginning.message("D", BackendBytes.int16(1))),
        Attack("a row of two columns", beginning.row([BackendBytes.int64(1), nil])),
        Attack("a cell of length -2", beginning.message("D", BackendBytes.int16(1) + BackendBytes.int32(-2))),
        Attack("a cell longer than its row", beginning.message("D", BackendBytes.int16(1) + BackendBytes.int32(9))),
        Attack(
            "bytes behind the last cell",
            beginning.message("D", BackendBytes.int16(1) + BackendBytes.int32(8) + BackendBytes.int64(1) + [7])),
        Attack("an error without its end", beginning.message("E", Array("Mno".utf8))),
        Attack("an unknown transaction status", beginning.complete("SELECT 0").message("Z", [0])),
    ]

    static let size: [Attack] = [
        Attack("a tag of 2 MiB", beginning.message("C", length: 2 << 20, []), .messageTooLarge),
        Attack("a row above the limit", beginning.message("D", length: (64 << 20) + 1, [0, 1]), .messageTooLarge),
        Attack("a row of 2 GiB", beginning.message("D", length: .max, [0, 1]), .messageTooLarge),
        Attack("a notice of a GiB", beginning.message("N", length: 1 << 30, []), .messageTooLarge),
        Attack(
            "too many parameters", (0..<300).reduce(beginning) { $0.parameter("name\($1)", "") }, .messageTooLarge),
        Attack(
            "parameters of 65 KiB", beginning.parameter("long", String(repeating: "x", count: 65 << 10)),
            .messageTooLarge),
    ]

    @Test(arguments: order + form + size)
    func `what the protocol forbids ends the connection, for the next call too`(attack: Attack) async throws {
        let script: [Step] = .welcome + [.expect("PBDES"), .send(attack.answer.bytes), .expectEnd]
        try await ScriptedServer.run(script) { server in
            let connection = try await PostgresConnection.connect(server.url)
            let outcome = await Outcome.of("SELECT n FROM numbers", on: connection)
            #expect(outcome.error?.code == attack.code, "\(String(describing: outcome.error))")
            #expect(outcome.error?.isConnectionUsable == false)
            let next = await failure { try await connection.query("SELECT 1") }
            #expect(next?.code == attack.code)
            #expect(next?.message == outcome.error?.message)
        }
    }

    @Test func `rows in front of a violation are delivered`() async throws {
        let bytes = BackendBytes.beginning.rows(1...3).message("!").bytes
        try await ScriptedServer.run(.welcome + [.expect("PBDES"), .send(bytes), .expectEnd]) { server in
            let outcome = await Outcome.of("SELECT n FROM numbers", at: server.url)
            #expect(outcome.numbers == [1, 2, 3])
            #expect(outcome.error?.code == .protocolViolation)
        }
    }

    @Test func `another client_encoding ends the connection`() async throws {
        let bytes = BackendBytes.beginning.rows(1...1).parameter("client_encoding", "LATIN1").rows(2...2).bytes
        try await ScriptedServer.run(.welcome + [.expect("PBDES"), .send(bytes), .expectEnd]) { server in
            let outcome = await Outcome.of("SELECT n FROM numbers", at: server.url)
            #expect(outcome.error?.code == .protocolViolation)
            #expect(outcome.error?.message.contains("client_encoding") == true)
            #expect(outcome.numbers == [1])
        }
    }

    @Test func `a parameter that is reported again and again takes no room`() async throws {
        let bytes = (0..<2_000).reduce(BackendBytes.beginning) { $0.parameter("search_path", "schema_\($1)") }
            .rows(1...1).complete("SELECT 1").ready().bytes
        try await ScriptedServer.run(.welcome + [.expect("PBDES"), .send(bytes), .expectEnd]) { server in
            #expect(await Outcome.of("SELECT n FROM numbers", at: server.url).numbers == [1])
        }
    }
}
