import PostgresTestSupport
import PostgresTransport
import Testing

/// How TLS begins on a connection that was plain, and how it fails to.
@Suite(.timeLimit(.minutes(1))) struct TLSStartTests {
    private let stage: TLSStage

    init() throws { stage = try TLSStage() }

    private static let request: [UInt8] = [0, 0, 0, 8, 4, 210, 22, 47]

    /// Asks for TLS in plain and returns the answer.
    private func request(_ socket: Socket) async throws -> UInt8 {
        try await stage.write(Self.request, to: socket)
        return try await socket.readByte(deadline: stage.soon)
    }

    @Test func `one plain byte is read, and what follows it is TLS`() async throws {
        try await ScriptedServer.run(onEvery: [
            .answerSSLRequest([UInt8(ascii: "S")]), .handshake, .send([1, 2]), .expectEnd,
        ]) {
            server in
            let socket = try await stage.connect(port: server.port)
            let answer = try await request(socket)
            #expect(answer == UInt8(ascii: "S"))
            _ = try await socket.startTLS(stage.settings(), deadline: stage.soon)
            let bytes = try await stage.read(2, from: socket)
            #expect(bytes == [1, 2])
        }
    }

    @Test func `a server that will not leaves the connection as it was`() async throws {
        try await ScriptedServer.run(onEvery: [.answerSSLRequest([UInt8(ascii: "N")]), .sendPlain([7, 8])]) { server in
            let socket = try await stage.connect(port: server.port)
            let answer = try await request(socket)
            #expect(answer == UInt8(ascii: "N"))
            let bytes = try await stage.read(2, from: socket)
            #expect(bytes == [7, 8])
        }
    }

    /// A message, a byte, and a record of TLS that means nothing.
    @Test(arguments: [Array("Z\0\0\0\u{5}I".utf8), [0], [20, 3, 3, 0, 1, 1]])
    func `bytes that come with the answer are an end before the greeting`(bytes: [UInt8]) async throws {
        let script: [ScriptedServer.Step] = [
            .expectBytes(Self.request.count), .send([UInt8(ascii: "S")] + bytes), .expectEnd,
        ]
        try await ScriptedServer.run(script) { server in
            let socket = try await stage.connect(port: server.port)
            let answer = try await request(socket)
            #expect(answer == UInt8(ascii: "S"))
            #expect(socket.holdsUnreadBytes)
            await #expect(throws: TransportError.tls(.earlyBytes)) {
                _ = try await socket.startTLS(stage.trusting, deadline: stage.soon)
            }
            #expect(socket.isClosed)
            #expect(server.transcripts.map(\.bytes) == [Self.request])
        }
    }

    @Test func `so are bytes of a server that was not asked for TLS`() async throws {
        try await ScriptedServer.run([.send([20, 3, 3, 0, 1, 1]), .expectEnd]) { server in
            let socket = try await stage.connect(port: server.port)
            while !socket.holdsUnreadBytes { try await socket.wait(for: .readable, deadline: stage.soon) }
            await #expect(throws: TransportError.tls(.earlyBytes)) {
                _ = try await socket.startTLS(stage.trusting, deadline: stage.soon)
            }
            #expect(server.transcripts.map(\.bytes) == [[]])
        }
    }

    /// A message that a client of TLS 1.2 has to ignore however often it comes.
    @Test func `a handshake that does not end takes no more than its bytes`() async throws {
        let flood = [UInt8](repeatElement([22, 3, 3, 0, 4, 0, 0, 0, 0], count: 1000).joined())
        try await ScriptedServer.run([.expectBytes(5), .flood(flood)]) { server in
            let failure = try await stage.tlsFailure(stage.trusting, port: server.port)
            #expect(
                failure
                    == TLSFailure(
                        .handshake, "the TLS handshake failed: the server sends more than 256 KiB for it"))
        }
    }

    @Test func `readByte waits, and sees the end`() async throws {
        let (asked, done) = (Gate(), Gate())
        try await ScriptedServer.run([.hold(until: asked), .send([9]), .hold(until: done), .close]) { server in
            let socket = try await stage.connect(port: server.port)
            await #expect(throws: TransportError.timedOut) {
                _ = try await socket.readByte(deadline: .now + .milliseconds(1))
            }
            asked.open()
            let byte = try await socket.readByte(deadline: stage.soon)
            #expect(byte == 9)
            done.open()
            await #expect(throws: TransportError.closedByPeer) { _ = try await socket.readByte(deadline: stage.soon) }
        }
    }

    @Test(arguments: [
        ("HTTP/1.1 400 Bad Request\r\n\r\n", TLSFailure.Kind.handshake, "wrong version number"),
        ("E\0\0\0\u{8}oops", .handshake, "wrong version number"),
        ("\u{15}\u{3}\u{3}\0\u{2}\u{2}\u{28}", .alert, "handshake failure"),
        ("\u{15}\u{3}\u{3}\0\u{2}\u{1}\0", .handshake, ""),
    ])
    func `a peer that does not speak TLS is told apart from one that gives up`(
        answer: String, kind: TLSFailure.Kind, reason: String
    ) async throws {
        // A client that has greeted.
        try await ScriptedServer.run([.expectBytes(5), .send(Array(answer.utf8)), .expectEnd]) { server in
            let failure = try await stage.tlsFailure(stage.trusting, port: server.port)
            #expect(failure?.kind == kind)
            #expect(failure?.description.contains(reason) == true)
        }
    }

    @Test func `a handshake that stops ends with the deadline`() async throws {
        let over = Gate()
        try await ScriptedServer.run(onEvery: [.beginHandshake, .hold(until: over)]) { server in
            let socket = try await stage.connect(port: server.port)
            await #expect(throws: TransportError.timedOut) {
                _ = try await socket.startTLS(stage.trusting, deadline: .now + .milliseconds(50))
            }
            #expect(socket.isClosed)
            over.open()
        }
    }

    @Test func `a handshake that is cut is a truncation`() async throws {
        for steps in [[ScriptedServer.Step.cut], [.beginHandshake, .cut]] {
            try await ScriptedServer.run(onEvery: steps) { server in
                let failure = try await stage.tlsFailure(stage.trusting, port: server.port)
                #expect(
                    failure == TLSFailure(.truncated, "the server closed the connection during the TLS handshake"))
            }
        }
    }

    @Test func `a handshake is left when the task is cancelled`() async throws {
        let (begun, over) = (Gate(), Gate())
        try await ScriptedServer.run(onEvery: [.beginHandshake, .reach(begun), .hold(until: over)]) { server in
            let port = server.port
            let connecting = Task { [stage] in
                let socket = try await stage.connect(port: port)
                _ = try await socket.startTLS(stage.trusting, deadline: stage.soon)
            }
            await begun.wait()
            connecting.cancel()
            await #expect(throws: TransportError.cancelled) { try await connecting.value }
            over.open()
        }
    }

    @Test func `hundreds of sessions come and go`() async throws {
        try await ScriptedServer.run(onEvery: [.tryHandshake, .flood([UInt8](repeating: 1, count: 8192))]) { server in
            for index in 0..<200 {
                let socket = try await stage.connect(port: server.port)
                // Of every four, one fails in verifying, one in its name, and one is left without having read.
                let settings = stage.settings { settings in
                    if index % 4 == 0 { settings.roots = .file(stage.certificates.path("other-root.crt")) }
                    if index % 4 == 1 { settings.hostName = "b.example" }
                }
                do throws(TransportError) {
                    _ = try await socket.startTLS(settings, deadline: stage.soon)
                    #expect(index % 4 > 1)
                    if index % 4 == 2 { _ = try await stage.readSome(socket) }
                } catch .tls(let failure) {
                    #expect(failure.kind == (index % 4 == 0 ? .untrusted : .hostMismatch))
                }
            }
        }
    }
}
