import PostgresTestSupport
import PostgresTransport
import Testing

/// Bytes over TLS once it has begun.
@Suite(.timeLimit(.minutes(1))) struct TLSStreamTests {
    private let stage: TLSStage

    init() throws { stage = try TLSStage() }

    private func start(_ server: ScriptedServer) async throws -> sending Socket {
        let socket = try await stage.connect(port: server.port)
        _ = try await socket.startTLS(stage.settings(), deadline: stage.soon)
        return socket
    }

    private func options(_ version: TLSVersion) -> ScriptedServer.Options {
        ScriptedServer.Options { $0.versions = version...version }
    }

    /// Bytes that are not all alike.
    private static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) } }

    @Test(arguments: TLSVersion.allCases)
    func `bytes arrive both ways, in any pieces`(version: TLSVersion) async throws {
        let pieces = [1, 2, 63, 64, 65, 8192, 16_384, 16_385, 300_000].map(Self.bytes)
        let all = pieces.flatMap { $0 }
        let steps: [ScriptedServer.Step] = [.handshake] + pieces.map { .send($0) } + [.expectExactly(all), .expectEnd]
        try await ScriptedServer.run(onEvery: steps, options: options(version)) { server in
            let socket = try await start(server)
            let received = try await stage.read(all.count, from: socket)
            #expect(received == all)
            for piece in pieces { try await stage.write(piece, to: socket) }
            socket.close()
        }
    }

    @Test func `one read takes all that is there and fits`() async throws {
        let (sent, over) = (Gate(), Gate())
        let piece = Self.bytes(8192)
        let sends = [ScriptedServer.Step](repeating: .send(piece), count: 20)
        try await ScriptedServer.run(onEvery: [.handshake] + sends + [.reach(sent), .hold(until: over)]) { server in
            let socket = try await start(server)
            await sent.wait()
            let first = try socket.readSome(atMost: 100_000)
            #expect(first.count == 100_000)
            let second = try socket.readSome(atMost: 100_000)
            #expect(first + second == Array(repeatElement(piece, count: 20).joined()))
            over.open()
        }
    }

    @Test func `who waits with bytes at hand does not wait for the kernel`() async throws {
        let (sent, over) = (Gate(), Gate())
        try await ScriptedServer.run(onEvery: [.handshake, .send(Self.bytes(1000)), .reach(sent), .hold(until: over)]) {
            server in
            let socket = try await start(server)
            await sent.wait()
            // Everything is decrypted with the first read; the kernel has no more news.
            var received = try socket.readSome()
            while received.count < 1000 {
                try await socket.wait(for: .readable, deadline: stage.soon)
                received += try socket.readSome()
            }
            #expect(received == Self.bytes(1000))
            let rest = try socket.readSome()
            #expect(rest == [])
            await #expect(throws: TransportError.timedOut) {
                try await socket.wait(for: .readable, deadline: .now + .milliseconds(1))
                try await socket.wait(for: .readable, deadline: .now + .milliseconds(1))
            }
            over.open()
        }
    }

    // MARK: ends

    @Test(arguments: TLSVersion.allCases)
    func `after the server's good-bye the peer has closed`(version: TLSVersion) async throws {
        try await ScriptedServer.run(onEvery: [.handshake, .send([1, 2, 3]), .close], options: options(version)) {
            server in
            let socket = try await start(server)
            let bytes = try await stage.read(3, from: socket)
            #expect(bytes == [1, 2, 3])
            for _ in 0..<2 {
                await #expect(throws: TransportError.closedByPeer) { _ = try await stage.readSome(socket) }
            }
        }
    }

    @Test(arguments: TLSVersion.allCases)
    func `an end without a good-bye is a truncation, behind what came before`(version: TLSVersion) async throws {
        try await ScriptedServer.run(onEvery: [.handshake, .send([1, 2, 3]), .cut], options: options(version)) {
            server in
            let socket = try await start(server)
            let bytes = try await stage.read(3, from: socket)
            #expect(bytes == [1, 2, 3])
            for _ in 0..<2 {
                await #expect(throws: TLSStage.truncation) { _ = try await stage.readSome(socket) }
            }
        }
    }

    @Test func `an end within a record is a truncation`() async throws {
        try await ScriptedServer.run(onEvery: [.handshake, .sendPlain([23, 3, 3, 0, 100, 1, 2, 3]), .cut]) { server in
            let socket = try await start(server)
            await #expect(throws: TLSStage.truncation) { _ = try await stage.readSome(socket) }
        }
    }

    @Test func `a record that was changed on its way breaks the connection`() async throws {
        let record: [UInt8] = [23, 3, 3, 0, 32] + Self.bytes(32)
        try await ScriptedServer.run(onEvery: [.handshake, .sendPlain(record), .expectAnyEnd]) { server in
            let socket = try await start(server)
            let failure = TLSFailure(
                .handshake, "the TLS connection broke: decryption failed or bad record mac")
            await #expect(throws: TransportError.tls(failure)) { _ = try await stage.readSome(socket) }
            #expect(throws: TransportError.tls(failure)) { try socket.write([1]) }
        }
    }

    @Test func `bytes that nobody encrypted break the connection`() async throws {
        try await ScriptedServer.run(onEvery: [
            .handshake, .send([1]), .sendPlain(Array("HTTP/1.1 200".utf8)), .expectAnyEnd,
        ]) {
            server in
            let socket = try await start(server)
            let bytes = try await stage.readSome(socket)
            #expect(bytes == [1])
            for _ in 0..<2 {
                await #expect {
                    _ = try await stage.readSome(socket)
                } throws: { error in
                    guard case TransportError.tls(let failure) = error else { return false }
                    return failure.kind == .handshake && failure.description.contains("wrong version number")
                }
            }
        }
    }

    @Test func `closing says good-bye, and so does dropping the socket`() async throws {
        try await ScriptedServer.run(onEvery: [.handshake, .expectEnd]) { server in
            let socket = try await start(server)
            socket.close()
            socket.close()
            #expect(throws: TransportError.closedByPeer) { try socket.write([1]) }
            #expect(throws: TransportError.closedByPeer) { try socket.readSome() }
            do { _ = try await start(server) }
            try await stage.untilEnded(server, count: 2)
        }
    }

    @Test func `a front end relays to a server that has no TLS`() async throws {
        let answer = Self.bytes(100_000)
        let server = try await ScriptedServer.run([.expectStartup, .expect("Q"), .send(answer), .close]) { server in
            try await ScriptedServer.run(onEvery: [.handshake, .relay(to: server.port)]) { front in
                let socket = try await start(front)
                try await stage.write([0, 0, 0, 9, 0, 3, 0, 0, 0] + [81, 0, 0, 0, 5, 0], to: socket)
                let received = try await stage.read(answer.count, from: socket)
                #expect(received == answer)
                await #expect(throws: TransportError.closedByPeer) { _ = try await stage.readSome(socket) }
            }
            return server
        }
        #expect(server.transcripts.map { $0.frames.last?.type } == [81])
    }

    // MARK: changes of keys

    @Test func `a change of keys is answered by who only reads`() async throws {
        let (read, over) = (Gate(), Gate())
        try await ScriptedServer.run(
            onEvery: [
                .handshake, .send([1]), .updateKeys, .send([2]), .expectKeyUpdates(1), .updateKeys,
                .expectKeyUpdates(2), .reach(read), .send([3]), .expectExactly([4, 5]), .updateKeys,
                .expectExactly([6]), .hold(until: over),
            ]
        ) { server in
            let socket = try await start(server)
            let bytes = try await stage.read(3, from: socket)
            #expect(bytes == [1, 2, 3])
            #expect(read.isOpen)
            try await stage.write([4, 5], to: socket)
            try await stage.write([6], to: socket)
            over.open()
        }
    }

    @Test func `a server that only changes its keys is left`() async throws {
        try await ScriptedServer.run(onEvery: [.handshake, .floodKeyUpdates]) { server in
            let socket = try await start(server)
            await #expect {
                _ = try await stage.readSome(socket)
            } throws: { error in
                guard case TransportError.tls(let failure) = error else { return false }
                return failure.kind == .handshake && failure.description.contains("sends no data")
            }
            socket.close()
        }
    }

    @Test func `another handshake is refused, and the connection goes on`() async throws {
        try await ScriptedServer.run(
            onEvery: [.handshake, .renegotiate, .send([1]), .renegotiate, .send([2]), .expectAnyEnd],
            options: options(.tls12)
        ) { server in
            let socket = try await start(server)
            let bytes = try await stage.read(2, from: socket)
            #expect(bytes == [1, 2])
            socket.close()
        }
    }

    // MARK: a peer that does not read

    @Test func `plaintext is taken only as far as the kernel takes ciphertext`() async throws {
        let (full, over) = (Gate(), Gate())
        try await ScriptedServer.run(onEvery: [.handshake, .hold(until: full), .reach(over), .expectAnyEnd]) { server in
            let socket = try await start(server)
            let bytes = [UInt8](repeating: 7, count: 1 << 20)
            var count = 0
            while case let taken = try socket.write(bytes), taken > 0 { count += taken }
            #expect(count > 0)
            #expect(socket.hasPendingOutput)
            full.open()
            while socket.hasPendingOutput {
                try await socket.wait(for: .writable, deadline: stage.soon)
                try socket.flushOutput()
            }
            await over.wait()
        }
    }

    @Test func `who reads sends the ciphertext that waits`() async throws {
        let read = Gate()
        let bytes = [UInt8](repeating: 7, count: 16 << 20)
        try await ScriptedServer.run(onEvery: [
            .handshake, .hold(until: read), .expectExactly(bytes), .send([1]), .expectEnd,
        ]) { server in
            let socket = try await start(server)
            var rest = bytes[...]
            while !rest.isEmpty {
                rest = rest.dropFirst(try socket.write(Array(rest)))
                if socket.hasPendingOutput { read.open() }
                if !rest.isEmpty { try await socket.wait(for: .writable, deadline: stage.soon) }
            }
            let answer = try await stage.readSome(socket)
            #expect(answer == [1])
        }
    }
}
