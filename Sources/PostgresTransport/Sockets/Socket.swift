import CSystemIO
import Glibc

/// One connected, non-blocking stream socket. Whoever holds it reads and writes it directly and waits on the loop.
///
/// It is not Sendable: its one owner calls one method at a time. The descriptor is closed with the last reference.
package final class Socket {
    /// The loop that watches the descriptor.
    package let loop: EventLoop
    /// Where the owner waits. Other tasks may signal it to end a wait early: the owner tries and waits again.
    package let cell: ReadinessCell
    private let token: UInt64
    /// −1 once closed.
    private(set) var descriptor: Int32
    /// What lies between the caller's bytes and the kernel's, once TLS has begun.
    var tls: TLSSession?
    /// Whether the loop looks at the descriptor.
    private var isArmed = true
    /// Breaks the connection for those who do not own the socket.
    package let breaker: SocketBreaker

    /// Takes over an open descriptor, also where registering it fails. Sockets that one task waits for at the same time
    /// share a cell.
    package init(
        owning descriptor: Int32, on loop: EventLoop, cell: ReadinessCell? = nil
    ) throws(TransportError) {
        self.loop = loop
        self.cell = cell ?? ReadinessCell(loop: loop)
        self.descriptor = descriptor
        breaker = SocketBreaker(descriptor)
        do throws(TransportError) {
            token = try loop.register(descriptor, self.cell)
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    deinit { close() }

    /// Whether the descriptor has been closed.
    package var isClosed: Bool { descriptor < 0 }

    /// Closes the descriptor. The peer sees the end of the stream, or a reset if bytes lay unread.
    ///
    /// Whoever still waits goes on and finds the socket closed: the kernel would not wake it any more.
    package func close() {
        guard descriptor >= 0 else { return }
        closeTLS()
        loop.deregister(descriptor, token: token)
        breaker.invalidate()
        Glibc.close(descriptor)
        descriptor = -1
        cell.signal([.readable, .writable])
    }

    /// Appends what has been received to `output`; false where nothing is there at present.
    ///
    /// Over TLS it appends all that is there and fits. A stream that ends without the peer's good-bye is a failure of
    /// kind `truncated` there.
    package func read(into output: inout OutputRawSpan) throws(TransportError) -> Bool {
        if let tls { return try read(into: &output, tls) }
        return try unsafe output.withUnsafeMutableBytes { buffer, initialized throws(TransportError) in
            let count = try unsafe receive(into: UnsafeMutableRawBufferPointer(rebasing: buffer[initialized...]))
            initialized += count
            return count > 0
        }
    }

    /// Hands bytes to the kernel and returns how many it took: 0 where it has no room at present.
    ///
    /// Over TLS bytes count as taken once they are encrypted; see `hasPendingOutput`.
    package func write(_ bytes: RawSpan) throws(TransportError) -> Int {
        if let tls { return try write(bytes, tls) }
        return try unsafe bytes.withUnsafeBytes { buffer throws(TransportError) in try unsafe send(buffer) }
    }

    /// Reads exactly one byte, and leaves those behind it to the kernel. Only for bytes before TLS.
    package nonisolated(nonsending) func readByte(deadline: MonotonicTime) async throws(TransportError)
        -> UInt8
    {
        precondition(tls == nil, "a single byte is read before TLS begins")
        var byte: UInt8 = 0
        while true {
            let count = try unsafe withUnsafeMutableBytes(of: &byte) { buffer throws(TransportError) in
                try unsafe receive(into: buffer)
            }
            if count == 1 { return byte }
            try await wait(for: .readable, deadline: deadline)
        }
    }

    /// Whether the kernel holds bytes that nobody has read; they stay there. Only for bytes before TLS.
    package var holdsUnreadBytes: Bool { !unreadBytes(countMax: 1).isEmpty }

    /// The bytes that the kernel holds and nobody has read, `countMax` at most; they stay there. Only for bytes before TLS.
    package func unreadBytes(countMax: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: countMax)
        let count = unsafe recv(descriptor, &bytes, countMax, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT))
        return Array(bytes.prefix(max(count, 0)))
    }

    /// Waits until reading or writing may succeed again. It may return early: the caller tries and waits again.
    package nonisolated(nonsending) func wait(
        for interest: Interest, deadline: MonotonicTime? = nil
    ) async throws(TransportError) {
        // The kernel says nothing of bytes that it has handed out already.
        if let tls, interest.contains(.readable), tls.holdsInput { return }
        if !isArmed, descriptor >= 0 {
            isArmed = true
            loop.arm(descriptor, token: token, true)
        }
        switch await cell.wait(for: interest, deadline: deadline) {
        case .ready: return
        case .timedOut: throw TransportError.timedOut
        case .cancelled: throw TransportError.cancelled
        }
    }

    /// Lets bytes gather for a while: nothing that arrives wakes anybody until `end`.
    ///
    /// The first nap has the loop look away from the descriptor, the next wait has it look again; naps that follow each
    /// other cost no system call of their own.
    package nonisolated(nonsending) func nap(until end: MonotonicTime) async throws(TransportError) {
        guard descriptor >= 0 else { return }
        if isArmed {
            isArmed = false
            loop.arm(descriptor, token: token, false)
        }
        if case .cancelled = await cell.wait(for: [], deadline: end) { throw TransportError.cancelled }
    }
}

extension Socket {
    /// Has the kernel fill the buffer with what it received; 0 where nothing is there at present.
    @unsafe
    func receive(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> Int {
        guard descriptor >= 0 else { throw TransportError.closedByPeer }
        var count = -1
        repeat {
            count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
        } while count < 0 && errno == EINTR
        if count > 0 { return count }
        if count == 0 { throw TransportError.closedByPeer }
        if errno == EAGAIN || errno == EWOULDBLOCK { return 0 }
        throw TransportError.system("recv", errno)
    }

    /// Hands the kernel bytes and returns how many it took; 0 where it has no room at present.
    @unsafe
    func send(_ buffer: UnsafeRawBufferPointer) throws(TransportError) -> Int {
        guard descriptor >= 0 else { throw TransportError.closedByPeer }
        var count = -1
        repeat {
            count = unsafe Glibc.send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
        } while count < 0 && errno == EINTR
        if count >= 0 { return count }
        if errno == EAGAIN || errno == EWOULDBLOCK { return 0 }
        throw TransportError.system("send", errno)
    }

    /// Sets an integer option; one that the platform refuses is left as it is, since none decides over correctness.
    package func setOption(level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        _ = unsafe setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Starts to connect, or says how an attempt under way stands; returns 0 or an `errno`.
    func connect(to address: SocketAddress) -> Int32 {
        let code = unsafe address.bytes.withUnsafeBytes { buffer in
            unsafe Glibc.connect(
                descriptor, buffer.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(buffer.count))
        }
        return code == 0 ? 0 : errno
    }
}
