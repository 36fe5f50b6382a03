import PostgresStreaming
import PostgresTestSupport
import Testing

/// An actor lets a second call in while the first one waits: what the compiler cannot keep from a writer.
private actor Copier {
    private var writer: PostgresCopyDataWriter?

    /// Copies a text in as one call of the writer, which other calls of the actor may use meanwhile.
    func copy(_ text: String, to url: String, _ writing: Gate) async throws -> PostgresCopyResult {
        let connection = try await PostgresConnection.connect(url)
        let options = PostgresCopyInput { $0.bufferBytes = 1 }
        let result = try await connection.copyIn("COPY t FROM STDIN", options: options) { writer in
            self.writer = writer
            writing.open()
            try await writer.write(text)
        }
        await connection.close()
        return result
    }

    /// Returns from the closure while another call of the writer waits.
    func copyAndReturn(to url: String, while writing: Gate, _ begun: Gate) async throws -> PostgresError? {
        let connection = try await PostgresConnection.connect(url)
        do {
            try await connection.copyIn("COPY t FROM STDIN") { writer in
                self.writer = writer
                begun.open()
                await writing.wait()
            }
            return nil
        } catch {
            await connection.close()
            return error as? PostgresError
        }
    }

    func write(_ text: String, opening gate: Gate? = nil) async -> PostgresError? {
        gate?.open()
        return await failure { try await self.writer?.write(text) }
    }
}

@Suite(.timeLimit(.minutes(1))) struct CopyMisuseTests {
    /// More than the kernels hold.
    private static let long = String(repeating: "x", count: 16 << 20)
    private static let begins = BackendBytes().message("1").message("2")
        .message("G", [0] + BackendBytes.int16(1) + BackendBytes.int16(0)).bytes

    @Test func `what a second call is refused is not among the data`() async throws {
        let (writing, refused) = (Gate(), Gate())
        let done = BackendBytes().complete("COPY 1").ready().bytes
        let steps: [Step] = [
            .expect("PBEH"), .send(Self.begins), .hold(until: refused), .expect("dcS"), .send(done), .expectEnd,
        ]
        try await ScriptedServer.run(script(.welcome, steps, [])) { server in
            let copier = Copier()
            let copy = Task { try await copier.copy(Self.long, to: server.url, writing) }
            await writing.wait()
            #expect(await copier.write("refused\n")?.code == .connectionBusy)
            refused.open()
            let result = try await copy.value
            #expect(result.sentBytes == Self.long.utf8.count)
        }
    }

    @Test func `a COPY that ends while another call sends its data closes the connection`() async throws {
        let (writing, begun, over) = (Gate(), Gate(), Gate())
        let steps: [Step] = [.expect("PBEH"), .send(Self.begins), .hold(until: over), .expectAnyEnd]
        try await ScriptedServer.run(script(.welcome, steps, [])) { server in
            let copier = Copier()
            let copy = Task { try await copier.copyAndReturn(to: server.url, while: writing, begun) }
            await begun.wait()
            let other = Task { await copier.write(Self.long, opening: writing) }
            let error = try await copy.value
            #expect(error?.isConnectionUsable == false)
            #expect(await other.value?.isConnectionUsable == false)
            over.open()
        }
    }
}
