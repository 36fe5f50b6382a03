import CSystemIO
import Glibc

extension Socket {
    /// A Unix-domain server whose backlog is full answers at once instead of letting the client wait.
    private static let backlogRetry = Duration.milliseconds(5)

    /// Connects to one address.
    ///
    /// TCP sockets send small messages at once and have keepalive on, with the system's times: by Linux's own settings
    /// a peer that vanished is noticed after about two hours.
    package nonisolated(nonsending) static func connect(
        to address: SocketAddress, on loop: EventLoop, deadline: MonotonicTime
    ) async throws(TransportError) -> sending Socket {
        let socket = try open(address.family, on: loop)
        while true {
            // Asked again after every wait, connect says how the attempt stands. That the socket was signalled says
            // nothing: to the kernel one that has not begun to connect is hung up, which counts as ready for all.
            switch socket.connect(to: address) {
            case 0, EISCONN:
                return socket
            case EINPROGRESS, EALREADY, EINTR:
                try await socket.wait(for: .writable, deadline: deadline)
            case EAGAIN where address.isUnix:
                try await pause(backlogRetry, on: loop, deadline: deadline)
            case let code:
                throw TransportError.system("connect", code)
            }
        }
    }

    static func open(
        _ family: Int32, on loop: EventLoop, cell: ReadinessCell? = nil
    ) throws(TransportError) -> sending Socket {
        let descriptor = csystemio_stream_socket(family)
        guard descriptor >= 0 else { throw TransportError.system("socket", errno) }
        let socket = try Socket(owning: descriptor, on: loop, cell: cell)
        if family != AF_UNIX {
            socket.setOption(level: Int32(IPPROTO_TCP), TCP_NODELAY, 1)
            socket.setOption(level: SOL_SOCKET, SO_KEEPALIVE, 1)
        }
        return socket
    }

    private nonisolated(nonsending) static func pause(
        _ duration: Duration, on loop: EventLoop, deadline: MonotonicTime
    ) async throws(TransportError) {
        let end = MonotonicTime.now + duration
        guard end < deadline else { throw TransportError.timedOut }
        guard case .timedOut = await ReadinessCell(loop: loop).wait(for: [], deadline: end) else {
            throw TransportError.cancelled
        }
    }
}
