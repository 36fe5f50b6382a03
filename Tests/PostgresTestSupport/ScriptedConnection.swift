import Glibc

/// One accepted connection of a scripted server, played by blocking calls with a limit each.
struct ScriptedConnection {
    typealias Mismatch = ScriptedServer.Mismatch

    private let descriptor: Int32
    private let note: (ScriptedServer.Transcript) -> Void
    private var transcript = ScriptedServer.Transcript()
    /// Received and not yet part of a message.
    private var pending: ArraySlice<UInt8> = []
    private var isClosed = false

    init(descriptor: Int32, note: @escaping (ScriptedServer.Transcript) -> Void) {
        self.descriptor = descriptor
        self.note = note
        var limit = timeval(tv_sec: Int(ScriptedServer.secondsMax), tv_usec: 0)
        var one: Int32 = 1
        let bytes = socklen_t(MemoryLayout<timeval>.size)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, bytes)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, bytes)
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    mutating func play(_ step: ScriptedServer.Step) throws(Mismatch) {
        switch step {
        case .expectStartup: try expectStartup()
        case .expect(let types): for type in types { try expect(type) }
        case .expectCancelRequest(let processID, let secretKey): try expectCancel(processID, secretKey)
        case .expectBytes(let count): _ = try take(count)
        case .expectEnd: while try receive() {}
        case .send(let bytes): try send(bytes)
        case .sendInPieces(let pieces): for piece in pieces { try sendAndWait(piece) }
        case .answer(let answer): try self.answer(answer)
        case .flood(let bytes): try flood(bytes)
        case .trickle(let bytes): try trickle(bytes)
        case .reach(let gate): gate.open()
        case .hold(let gate):
            guard gate.waitBlocking(secondsMax: ScriptedServer.secondsMax) else { throw Self.tooLong }
        case .close: close()
        case .reset: reset()
        case .never: try waitForHangUp()
        }
    }

    mutating func close() {
        if !isClosed { Glibc.close(descriptor) }
        isClosed = true
    }

    private mutating func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    // MARK: reading

    private mutating func expectStartup() throws(Mismatch) {
        while true {
            let frame = try untyped()
            switch frame.body.prefix(4) {
            case [0x04, 0xD2, 0x16, 0x2F], [0x04, 0xD2, 0x16, 0x30]: try send([UInt8(ascii: "N")])
            case [0, 3, 0, 0], [0, 3, 0, 2]: return
            default: throw Mismatch(description: "no startup message")
            }
        }
    }

    private mutating func expectCancel(_ processID: Int32, _ secretKey: [UInt8]) throws(Mismatch) {
        let wanted = BackendBytes.int32(80_877_102) + BackendBytes.int32(processID) + secretKey
        guard try untyped().body == wanted else { throw Mismatch(description: "no CancelRequest with the right key") }
    }

    private mutating func expect(_ type: Character) throws(Mismatch) {
        let header = Array(try take(5))
        let body = Array(try take(Self.length(header[1...]) - 4))
        keep(ScriptedServer.FrontendFrame(type: header[0], body: body))
        guard header[0] == type.asciiValue else {
            throw Mismatch(description: "\(Character(Unicode.Scalar(header[0]))) came where \(type) was expected")
        }
    }

    private mutating func untyped() throws(Mismatch) -> ScriptedServer.FrontendFrame {
        let length = Self.length(try take(4))
        let frame = ScriptedServer.FrontendFrame(type: 0, body: Array(try take(length - 4)))
        keep(frame)
        return frame
    }

    private mutating func keep(_ frame: ScriptedServer.FrontendFrame) {
        transcript.frames.append(frame)
        note(transcript)
    }

    private static func length(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

    private mutating func take(_ count: Int) throws(Mismatch) -> ArraySlice<UInt8> {
        guard (0...(1 << 30)).contains(count) else { throw Mismatch(description: "a length that cannot be") }
        while pending.count < count {
            guard try receive() else { throw Mismatch(description: "the client closed the connection") }
        }
        defer { pending = pending.dropFirst(count) }
        return pending.prefix(count)
    }

    /// Receives once; false at the end of the stream, orderly or not.
    private mutating func receive() throws(Mismatch) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
        if count < 0, errno == EAGAIN { throw Self.tooLong }
        guard count > 0 else { return false }
        pending += buffer[..<count]
        transcript.bytes += buffer[..<count]
        note(transcript)
        return true
    }

    private func waitForHangUp() throws(Mismatch) {
        guard hangsUp(within: ScriptedServer.secondsMax * 1000) else { throw Self.tooLong }
    }

    private func hangsUp(within milliseconds: Int32) -> Bool {
        // Linux's POLLRDHUP, which the Glibc module leaves out: the peer has sent its last byte.
        var poller = pollfd(fd: descriptor, events: 0x2000, revents: 0)
        return unsafe poll(&poller, 1, milliseconds) > 0
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
        guard try sendSome(bytes) else { throw Mismatch(description: "the client closed the connection") }
    }

    private func sendSome(_ bytes: [UInt8]) throws(Mismatch) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EAGAIN { throw Self.tooLong }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Sends and waits until the peer has read: over a Unix socket the kernel counts what it has not.
    private func sendAndWait(_ bytes: [UInt8]) throws(Mismatch) {
        try send(bytes)
        let deadline = ContinuousClock.now + .seconds(Int64(ScriptedServer.secondsMax))
        var unread: Int32 = 0
        while unsafe ioctl(descriptor, UInt(TIOCOUTQ), &unread) == 0, unread > 0 {
            guard ContinuousClock.now < deadline else { throw Self.tooLong }
            // No event tells when the peer has read; the reader gets the core.
            sched_yield()
        }
    }

    private func flood(_ bytes: [UInt8]) throws(Mismatch) {
        let deadline = ContinuousClock.now + .seconds(Int64(ScriptedServer.secondsMax))
        while try sendSome(bytes) {
            guard ContinuousClock.now < deadline else { throw Self.tooLong }
        }
    }

    private func trickle(_ bytes: [UInt8]) throws(Mismatch) {
        let deadline = ContinuousClock.now + .seconds(Int64(ScriptedServer.secondsMax))
        var index = 0
        while try sendSome([bytes[index]]), !hangsUp(within: Self.trickleMilliseconds) {
            index = (index + 1) % bytes.count
            guard ContinuousClock.now < deadline else { throw Self.tooLong }
        }
    }

    private static let trickleMilliseconds: Int32 = 50

    private static var tooLong: Mismatch { Mismatch(description: "took more than \(ScriptedServer.secondsMax) s") }
}
