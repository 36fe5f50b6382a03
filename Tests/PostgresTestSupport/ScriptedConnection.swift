import Glibc

/// One accepted connection of a scripted server, played step by step with a limit each.
final class ScriptedConnection {
    typealias Mismatch = ScriptedServer.Mismatch

    let stream: ScriptedStream
    private let keepTranscript: (ScriptedServer.Transcript) -> Void
    private var transcript = ScriptedServer.Transcript()
    /// Received and not yet part of a message.
    private var pending: ArraySlice<UInt8> = []
    /// Whether the client came in the clear and was let in, which the script says nothing of.
    private var isOver = false

    init(_ stream: ScriptedStream, keepTranscript: @escaping (ScriptedServer.Transcript) -> Void) {
        self.stream = stream
        self.keepTranscript = keepTranscript
    }

    /// Shows the test what the connection was like so far.
    func note() {
        transcript.keyUpdates = stream.tls?.keyUpdates ?? 0
        transcript.serverName = stream.tls?.serverName
        keepTranscript(transcript)
    }

    func play(_ step: ScriptedServer.Step) throws(Mismatch) {
        guard !isOver else { return }
        defer { note() }
        switch step {
        case .expectStartup: try expectStartup()
        case .expect(let types): for type in types { try expect(type) }
        case .expectCancelRequest(let processID, let secretKey): try expectCancel(processID, secretKey)
        case .expectBytes(let count): _ = try take(count)
        case .expectExactly(let bytes):
            guard try Array(take(bytes.count)) == bytes else { throw Mismatch(description: "other bytes came") }
        case .expectEnd:
            transcript.hasEndedInOrder = try stream.readToEnd(keep)
            guard transcript.hasEndedInOrder else { throw Mismatch(description: "no good-bye") }
        case .expectAnyEnd: transcript.hasEndedInOrder = try stream.readToEnd(keep)
        case .send(let bytes): try send(bytes)
        case .sendUntilClosed(let bytes): _ = try stream.send(bytes)
        case .sendInPieces(let pieces): for piece in pieces { try sendAndWait(piece) }
        case .answer(let answer): try self.answer(answer)
        case .serve(let makeAnswerer): try serve(makeAnswerer())
        case .flood(let bytes): try stream.flood { _ in bytes }
        case .floodOfPieces(let piece): try stream.flood(piece)
        case .trickle(let bytes): try stream.trickle(bytes)
        case .relay(let port): try stream.relay(to: port, keep)
        case .pause(let milliseconds): _ = stream.socket.hangsUp(within: milliseconds)
        case .reach(let gate):
            note()
            gate.open()
        case .hold(let gate):
            guard gate.waitBlocking(secondsMax: ScriptedServer.secondsMax) else { throw ScriptedSocket.tooLong }
        case .close: if let tls = stream.tls { tls.sayGoodbye() } else { stream.socket.close() }
        case .reset: stream.socket.reset()
        case .cut: stream.socket.shutDown()
        case .never:
            guard stream.socket.hangsUp(within: ScriptedServer.secondsMax * 1000) else { throw ScriptedSocket.tooLong }
        default: try playTLS(step)
        }
    }

    private func playTLS(_ step: ScriptedServer.Step) throws(Mismatch) {
        switch step {
        case .answerSSLRequest(let answer): try answerSSLRequest(answer)
        case .sendPlain(let bytes):
            guard try stream.socket.send(bytes[...]) else { throw Mismatch(description: "could not send plain bytes") }
        case .handshake: try stream.beginTLS().handshake()
        case .failHandshake: try stream.beginTLS().failHandshake()
        case .tryHandshake: try stream.beginTLS().tryHandshake()
        case .beginHandshake: try stream.beginTLS().beginHandshake()
        case .updateKeys: try stream.beginTLS().updateKeys()
        case .floodKeyUpdates: try stream.beginTLS().floodKeyUpdates()
        case .expectKeyUpdates(let count): try stream.beginTLS().expectKeyUpdates(count)
        case .renegotiate: try stream.beginTLS().renegotiate()
        default: throw Mismatch(description: "a step that nothing plays")
        }
    }

    // MARK: reading

    private func expectStartup() throws(Mismatch) {
        while true {
            let frame = try untyped()
            switch frame.body.prefix(4) {
            case [0x04, 0xD2, 0x16, 0x2F], [0x04, 0xD2, 0x16, 0x30]: try send([UInt8(ascii: "N")])
            case [0, 3, 0, 0], [0, 3, 0, 2]: return
            default: throw Mismatch(description: "no startup message")
            }
        }
    }

    private func expectCancel(_ processID: Int32, _ secretKey: [UInt8]) throws(Mismatch) {
        let wanted = BackendBytes.int32(80_877_102) + BackendBytes.int32(processID) + secretKey
        guard try untyped().body == wanted else { throw Mismatch(description: "no CancelRequest with the right key") }
    }

    private func expect(_ type: Character) throws(Mismatch) {
        let frame = try typed()
        keep(frame)
        guard frame.type == type.asciiValue else {
            throw Mismatch(description: "\(Character(Unicode.Scalar(frame.type))) came where \(type) was expected")
        }
    }

    private func typed() throws(Mismatch) -> ScriptedServer.FrontendFrame {
        let header = Array(try take(5))
        return ScriptedServer.FrontendFrame(type: header[0], body: Array(try take(Self.length(header[1...]) - 4)))
    }

    /// Nothing is kept of what is read: it may go on for long.
    private func serve(_ answerer: (ScriptedServer.FrontendFrame) -> [ScriptedServer.Step]) throws(Mismatch) {
        while try hasMore() { for step in answerer(try typed()) { try play(step) } }
    }

    /// Whether the client says anything more; waits for it.
    private func hasMore() throws(Mismatch) -> Bool {
        if pending.isEmpty { pending = try stream.receive() }
        return !pending.isEmpty
    }

    private func untyped() throws(Mismatch) -> ScriptedServer.FrontendFrame {
        let length = Self.length(try take(4))
        let frame = ScriptedServer.FrontendFrame(type: 0, body: Array(try take(length - 4)))
        keep(frame)
        return frame
    }

    private func keep(_ frame: ScriptedServer.FrontendFrame) {
        transcript.frames.append(frame)
        note()
    }

    private static func length(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

    private func take(_ count: Int) throws(Mismatch) -> ArraySlice<UInt8> {
        guard (0...(1 << 30)).contains(count) else { throw Mismatch(description: "a length that cannot be") }
        while pending.count < count {
            let bytes = try stream.receive()
            guard !bytes.isEmpty else { throw Mismatch(description: "the client closed the connection") }
            pending += bytes
            keep(bytes)
        }
        defer { pending = pending.dropFirst(count) }
        return pending.prefix(count)
    }

    private func keep(_ bytes: ArraySlice<UInt8>) {
        if stream.isEncrypted {
            transcript.plaintext += bytes.prefix(max(0, Self.plaintextBytesMax - transcript.plaintext.count))
        } else {
            transcript.bytes += bytes
        }
        note()
    }

    private static let plaintextBytesMax = 64 << 10

    private func answerSSLRequest(_ answer: [UInt8]) throws(Mismatch) {
        let head = Array(try take(8))
        if head == [0, 0, 0, 8, 4, 210, 22, 47] { return try send(answer) }
        guard stream.options.welcomesClear else { throw Mismatch(description: "no SSLRequest") }
        // A StartupMessage, whose length stands in front.
        _ = try take(Self.length(head[..<4]) - head.count)
        isOver = true
        transcript.isClear = true
        try send(BackendBytes.welcome)
        _ = try stream.readToEnd(keep)
    }

    // MARK: sending

    private func answer(_ answer: (ScriptedServer.FrontendFrame) throws -> [UInt8]) throws(Mismatch) {
        guard let last = transcript.frames.last else { throw Mismatch(description: "nothing to answer") }
        let bytes: [UInt8]
        do {
            bytes = try answer(last)
        } catch {
            throw Mismatch(description: "\(error)")
        }
        try send(bytes)
    }

    private func send(_ bytes: [UInt8]) throws(Mismatch) {
        guard try stream.send(bytes) else { throw Mismatch(description: "the client closed the connection") }
    }

    private func sendAndWait(_ bytes: [UInt8]) throws(Mismatch) {
        try send(bytes)
        try stream.socket.waitUntilRead()
    }
}
