import Glibc
import PostgresTransport

/// An accepted socket that does not block. Two threads may hold it: the one that plays, and the one that ends the play.
final class ScriptedSocket: Sendable {
    typealias Mismatch = ScriptedServer.Mismatch

    /// The descriptor; it may be closed.
    let descriptor: Int32
    private let closed = Locked(false)
    /// Whether this side has closed it; its number may belong to another socket then.
    var isClosed: Bool { closed.withLock { $0 } }

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        var one: Int32 = 1
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close() }

    /// Closes once, however often it is asked to.
    func close() {
        closed.withLock { isClosed in
            if !isClosed { Glibc.close(descriptor) }
            isClosed = true
        }
    }

    /// Closes with a reset.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    /// Ends both directions, so that whatever waits ends.
    func shutDown() {
        closed.withLock { isClosed in if !isClosed { shutdown(descriptor, Int32(SHUT_RDWR)) } }
    }

    /// Waits for one of poll's events.
    func wait(for events: Int32) throws(Mismatch) {
        guard polls(Int16(events), milliseconds: ScriptedServer.secondsMax * 1000) else { throw Self.tooLong }
    }

    /// Whether the peer sends its last byte within this time.
    func hangsUp(within milliseconds: Int32) -> Bool {
        // Linux's POLLRDHUP, which the Glibc module leaves out.
        polls(0x2000, milliseconds: milliseconds)
    }

    private func polls(_ events: Int16, milliseconds: Int32) -> Bool {
        guard !isClosed else { return true }
        var poller = pollfd(fd: descriptor, events: events, revents: 0)
        return unsafe poll(&poller, 1, milliseconds) > 0
    }

    /// Receives some bytes once there are any; none at the end of the stream, orderly or not.
    func receive(atMost count: Int) throws(Mismatch) -> ArraySlice<UInt8> {
        while true {
            if let bytes = receiveAtOnce(atMost: count) { return bytes }
            try wait(for: POLLIN)
        }
    }

    /// Receives what there is; nil where there is nothing yet, no byte at the end of the stream.
    func receiveAtOnce(atMost count: Int) -> ArraySlice<UInt8>? {
        guard !isClosed else { return [] }
        var buffer = [UInt8](repeating: 0, count: count)
        let received = unsafe recv(descriptor, &buffer, count, 0)
        if received > 0 { return buffer[..<received] }
        return received < 0 && errno == EAGAIN ? nil : []
    }

    /// Sends everything; false where the peer has closed.
    func send(_ bytes: ArraySlice<UInt8>) throws(Mismatch) -> Bool {
        guard !isClosed else { return false }
        var rest = bytes
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else {
                guard errno == EAGAIN else { return false }
                try wait(for: POLLOUT)
            }
        }
        return true
    }

    /// Waits until the peer has read what was sent: over a Unix socket the kernel counts what it has not.
    func waitUntilRead() throws(Mismatch) {
        let deadline = ContinuousClock.now + .seconds(Int64(ScriptedServer.secondsMax))
        var unread: Int32 = 0
        while unsafe ioctl(descriptor, UInt(TIOCOUTQ), &unread) == 0, unread > 0 {
            guard ContinuousClock.now < deadline else { throw Self.tooLong }
            // No event tells when the peer has read; the reader gets the core.
            sched_yield()
        }
    }

    static var tooLong: Mismatch { Mismatch(description: "took more than \(ScriptedServer.secondsMax) s") }
}
