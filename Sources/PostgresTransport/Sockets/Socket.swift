import CSystemIO
import Glibc

/// One connected, non-blocking stream socket. Whoever holds it reads and writes it directly and waits on the loop.
///
/// It is not Sendable: its one owner calls one method at a time. The descriptor is closed with the last reference.
package final class Socket {
    /// The loop that watches the descriptor.
    package let loop: EventLoop
    private let cell: ReadinessCell
    private let token: UInt64
    /// −1 once closed.
    private var descriptor: Int32

    /// Takes over an open descriptor, also where registering it fails.
    package init(owning descriptor: Int32, on loop: EventLoop) throws(TransportError) {
        self.loop = loop
        cell = ReadinessCell(loop: loop)
        self.descriptor = descriptor
        do throws(TransportError) {
            token = try loop.register(descriptor, cell)
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
        loop.deregister(descriptor, token: token)
        Glibc.close(descriptor)
        descriptor = -1
        cell.signal([.readable, .writable])
    }

    /// Appends what has been received to `output`; false where nothing is there at present.
    package func read(into output: inout OutputRawSpan) throws(TransportError) -> Bool {
        guard descriptor >= 0 else { throw TransportError.closedByPeer }
        let count = unsafe output.withUnsafeMutableBytes { buffer, initialized in
            let free = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[initialized...])
            var count = -1
            repeat {
                count = unsafe recv(descriptor, free.baseAddress, free.count, 0)
            } while count < 0 && errno == EINTR
            if count > 0 { initialized += count }
            return count
        }
        if count > 0 { return true }
        if count == 0 { throw TransportError.closedByPeer }
        if errno == EAGAIN || errno == EWOULDBLOCK { return false }
        throw TransportError.system("recv", errno)
    }

    /// Hands bytes to the kernel and returns how many it took: 0 where it has no room at present.
    package func write(_ bytes: RawSpan) throws(TransportError) -> Int {
        guard descriptor >= 0 else { throw TransportError.closedByPeer }
        let count = unsafe bytes.withUnsafeBytes { buffer in
            var count = -1
            repeat {
                count = unsafe send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
            } while count < 0 && errno == EINTR
            return count
        }
        if count >= 0 { return count }
        if errno == EAGAIN || errno == EWOULDBLOCK { return 0 }
        throw TransportError.system("send", errno)
    }

    /// Waits until reading or writing may succeed again. It may return early: the caller tries and waits again.
    package nonisolated(nonsending) func wait(
        for interest: Interest, deadline: ContinuousClock.Instant? = nil
    ) async throws(TransportError) {
        switch await cell.wait(for: interest, deadline: deadline) {
        case .ready: return
        case .timedOut: throw TransportError.timedOut
        case .cancelled: throw TransportError.cancelled
        }
    }
}

extension Socket {
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
