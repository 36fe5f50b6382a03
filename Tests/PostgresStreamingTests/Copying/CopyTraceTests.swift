import PostgresStreaming
import PostgresTestSupport
import Testing

/// What a COPY says, message by message, and what becomes of it where the server's words are cut or wrong.
@Suite(.timeLimit(.minutes(1))) struct CopyTraceTests {
    private struct SourceFailure: Error {}

    /// The answer to the statement: it was parsed and bound, and waits for data or sends some.
    private static func begins(_ type: Character) -> [UInt8] {
        BackendBytes().message("1").message("2").message(type, [0] + BackendBytes.int16(1) + BackendBytes.int16(0))
            .bytes
    }

    private static func data(_ lines: [String]) -> [UInt8] {
        lines.flatMap { BackendBytes().message("d", Array($0.utf8)).bytes }
    }

    private static let done = BackendBytes().complete("COPY 2").ready().bytes
    private static let failed = BackendBytes().error("ERROR", "22P02", "invalid input").ready().bytes

    private func play(
        _ steps: [Step], endsWithTerminate: Bool = true,
        as body: nonisolated(nonsending) (PostgresConnection) async throws -> Void
    ) async throws {
        try await ScriptedServer.run(script(.welcome, steps, endsWithTerminate ? [.expectEnd] : [])) { server in
            let connection = try await PostgresConnection.connect(server.url)
            try await body(connection)
            await connection.close()
        }
    }

    @Test func `a COPY to the client says its Sync once the data has begun`() async throws {
        let rest = Self.data(["1\n", "2\n"]) + BackendBytes().message("c").bytes + Self.done
        try await play([.expect("PBEH"), .send(Self.begins("H")), .expect("S"), .send(rest)]) { connection in
            let stream = try await connection.copyOut("COPY t TO STDOUT")
            #expect(try await stream.collect() == Array("1\n2\n".utf8))
            #expect(stream.commandTag?.rows == 2)
        }
    }

    @Test func `a COPY from the client says CopyDone and its Sync when all data was sent`() async throws {
        try await play([.expect("PBEH"), .send(Self.begins("G")), .expect("dcS"), .send(Self.done)]) { connection in
            let result = try await connection.copyIn("COPY t FROM STDIN") { writer in
                try await writer.write("1\n")
                try await writer.write("2\n")
            }
            #expect(result.rowCount == 2)
        }
    }

    @Test func `the simple protocol has no Sync`() async throws {
        let copyIn = BackendBytes().message("G", [0] + BackendBytes.int16(1) + BackendBytes.int16(0)).bytes
        try await play([.expect("Q"), .send(copyIn), .expect("dc"), .send(Self.done)]) { connection in
            try await connection.copyIn("COPY t FROM STDIN", mode: .simple) { try await $0.write("1\n2\n") }
        }
    }

    @Test func `an error of the source is answered by CopyFail, and thrown as it is`() async throws {
        try await play([.expect("PBEH"), .send(Self.begins("G")), .expect("fS"), .send(Self.failed)]) { connection in
            await #expect(throws: SourceFailure.self) {
                try await connection.copyIn("COPY t FROM STDIN") { writer in
                    try await writer.write("1\n")
                    throw SourceFailure()
                }
            }
        }
    }

    @Test func `an error in the middle ends the COPY by a Sync, without CopyDone`() async throws {
        let steps: [Step] = [
            .expect("PBEH"), .send(Self.begins("G") + BackendBytes().error("ERROR", "22P02", "invalid input").bytes),
            .expect("dS"), .send(BackendBytes().ready().bytes),
        ]
        try await play(steps) { connection in
            let error = await failure {
                try await connection.copyIn("COPY t FROM STDIN") { try await $0.write("1\n") }
            }
            #expect(error?.sqlState == .invalidTextRepresentation)
            #expect(error?.isConnectionUsable == true)
        }
    }

    @Test func `an error after CopyDone is that of the COPY, and nothing took effect`() async throws {
        try await play([.expect("PBEH"), .send(Self.begins("G")), .expect("dcS"), .send(Self.failed)]) { connection in
            let error = await failure {
                try await connection.copyIn("COPY t FROM STDIN") { try await $0.write("1\n") }
            }
            #expect(error?.code == .server)
        }
    }

    @Test(arguments: [0, 12])
    func `a connection that is lost after CopyDone leaves the outcome unknown`(bytes: Int) async throws {
        let steps: [Step] = [
            .expect("PBEH"), .send(Self.begins("G")), .expect("dcS"), .send(Array(Self.done.prefix(bytes))),
        ]
        try await play(steps, endsWithTerminate: false) { connection in
            let error = await failure {
                try await connection.copyIn("COPY t FROM STDIN") { try await $0.write("1\n") }
            }
            #expect(error?.code == .commitUnknown)
            #expect(error?.isRetrySafe == false)
        }
    }

    @Test func `a connection that is lost before CopyDone has had no effect`() async throws {
        try await play([.expect("PBEH"), .send(Self.begins("G")), .expect("d")], endsWithTerminate: false) {
            connection in
            let error = await failure {
                let options = PostgresCopyInput { $0.bufferBytes = 1 }
                try await connection.copyIn("COPY t FROM STDIN", options: options) { writer in
                    for _ in 0..<1_000_000 { try await writer.write("1\n") }
                }
            }
            #expect(error?.code == .connectionLost)
            #expect(error?.isRetrySafe == true)
        }
    }

    @Test func `a server that ends the COPY before all data was sent breaks the protocol`() async throws {
        for early in [Self.done, BackendBytes().message("c").bytes, Self.data(["1\n"]), BackendBytes().ready().bytes] {
            try await play([.expect("PBEH"), .send(Self.begins("G") + early)], endsWithTerminate: false) { connection in
                let error = await failure {
                    let options = PostgresCopyInput { $0.bufferBytes = 1 }
                    try await connection.copyIn("COPY t FROM STDIN", options: options) { writer in
                        for _ in 0..<1_000_000 { try await writer.write("1\n") }
                    }
                }
                #expect(error?.code == .protocolViolation)
                #expect(error?.isConnectionUsable == false)
            }
        }
    }

    @Test func `rows and other messages between the data break the protocol`() async throws {
        let wrong: [[UInt8]] = [
            BackendBytes().row([[1]]).bytes, BackendBytes().message("G", [0, 0, 0]).bytes,
            BackendBytes().message("2").bytes,
            Self.done, BackendBytes().message("c").message("d", [1]).bytes, BackendBytes().ready().bytes,
        ]
        for bytes in wrong {
            let steps: [Step] = [
                .expect("PBEH"), .send(Self.begins("H")), .expect("S"), .send(Self.data(["1\n"]) + bytes),
            ]
            try await play(steps, endsWithTerminate: false) { connection in
                let error = await failure { try await connection.copyOut("COPY t TO STDOUT").collect() }
                #expect(error?.code == .protocolViolation)
            }
        }
    }

    @Test func `data that is cut off is never taken for all of it`() async throws {
        let whole = Self.data(["1\n", "2\n"]) + BackendBytes().message("c").bytes + Self.done
        for count in 0..<whole.count {
            let steps: [Step] = [
                .expect("PBEH"), .send(Self.begins("H")), .expect("S"), .send(Array(whole.prefix(count))),
            ]
            try await play(steps, endsWithTerminate: false) { connection in
                let error = await failure { try await connection.copyOut("COPY t TO STDOUT").collect() }
                #expect(error?.code == .connectionLost, "after \(count) bytes")
            }
        }
    }

    @Test func `a writer that goes on after an error whose end does not come throws it again`() async throws {
        let hasThrown = Gate()
        let steps: [Step] = [
            .expect("PBEH"), .send(Self.begins("G") + BackendBytes().error("ERROR", "22P02", "invalid input").bytes),
            .expect("dS"), .hold(until: hasThrown), .send(BackendBytes().ready().bytes), .expectEnd,
        ]
        let cancel = Step.expectCancelRequest(processID: BackendBytes.processID, secretKey: BackendBytes.secretKey)
        try await ScriptedServer.run(first: script(.welcome, steps, []), thenOnEvery: [cancel, .close]) { server in
            let connection = try await PostgresConnection.connect(server.url)
            let options = PostgresCopyInput {
                $0.bufferBytes = 1
                $0.timeout = .milliseconds(200)
            }
            let error = await failure {
                try await connection.copyIn("COPY t FROM STDIN", options: options) { writer in
                    for _ in 0..<3 { try? await writer.write("1\n") }
                    let again = await failure { try await writer.write("1\n") }
                    #expect(again?.sqlState == .invalidTextRepresentation)
                    hasThrown.open()
                }
            }
            #expect(error?.sqlState == .invalidTextRepresentation)
            #expect(error?.isConnectionUsable == true)
            await connection.close()
        }
    }
}
