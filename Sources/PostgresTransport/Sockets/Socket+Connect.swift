import CSystemIO
import Glibc

extension Socket {
    /// A Unix-domain server whose backlog is full answers at once instead of letting the client wait.
    private static let backlogRetry = Duration.milliseconds(5)

    /// Connects to one address.
    ///
    /// TCP sockets send small messages at once and have keepalive on, so that a peer that vanished is noticed.
    package nonisolated(nonsending) static func connect(
        to address: SocketAddress, on loop: EventLoop, deadline: ContinuousClock.Instant
    ) async throws(TransportError) -> sending Socket {
        while true {
            let socket = try open(address.family, on: loop)
            switch socket.startConnecting(to: address) {
            case 0:
                return socket
            case EINPROGRESS, EINTR:
                try await socket.wait(for: .writable, deadline: deadline)
                let code = socket.takeError()
                guard code == 0 else { throw TransportError.system("connect", code) }
                return socket
            case EAGAIN where address.isUnix:
                try await pause(backlogRetry, on: loop, deadline: deadline)
            case let code:
                throw TransportError.system("connect", code)
            }
        }
    }

    private static func open(_ family: Int32, on loop: EventLoop) throws(TransportError) -> sending Socket {
        let descriptor = csystemio_stream_socket(family)
        guard descriptor >= 0 else { throw TransportError.system("socket", errno) }
        let socket = try Socket(owning: descriptor, on: loop)
        if family != AF_UNIX {
            socket.setOption(level: Int32(IPPROTO_TCP), TCP_NODELAY, 1)
            socket.setOption(level: SOL_SOCKET, SO_KEEPALIVE, 1)
        }
        return socket
    }

    private nonisolated(nonsending) static func pause(
        _ duration: Duration, on loop: EventLoop, deadline: ContinuousClock.Instant
    ) async throws(TransportError) {
        let end = ContinuousClock.now + duration
        guard end < deadline else { throw TransportError.timedOut }
        guard case .timedOut = await ReadinessCell(loop: loop).wait(for: [], deadline: end) else {
            throw TransportError.cancelled
        }
    }
}
