import Glibc
import PostgresTransport

/// One connection through a fault proxy: two sockets and what has been read from one and not yet been written to the
/// other. It looks at the orders at least every few milliseconds.
final class FaultRelay {
    /// How long an order may take to be noticed.
    static let tickMilliseconds: Int32 = 5

    private static let bufferBytes = 64 << 10

    private let index: Int
    private let client: Int32
    private let server: Int32
    private let proxy: FaultProxy
    private var toServer: [UInt8] = []
    private var toClient: [UInt8] = []

    init(client: Int32, server: Int32, proxy: FaultProxy, index: Int) {
        self.client = client
        self.server = server
        self.proxy = proxy
        self.index = index
    }

    /// Relays until one side ends or the proxy is told to end.
    func run() {
        while true {
            let orders = proxy.orders.withLock { $0 }
            if let end = orders.end { return finish(isReset: end == .reset) }
            if orders.isOver { return finish(isReset: false) }
            wait(orders)
            let isOpen =
                relay(.toServer, orders, from: client, to: server, &toServer)
                && relay(.toClient, orders, from: server, to: client, &toClient)
            guard isOpen else { return finish(isReset: false) }
        }
    }

    private func wait(_ orders: FaultProxy.Orders) {
        func events(_ isReading: Bool, _ isWriting: Bool) -> Int16 {
            Int16((isReading ? POLLIN : 0) | (isWriting ? POLLOUT : 0))
        }
        let clientEvents = events(
            toServer.isEmpty && !orders.stopped.contains(.toServer), !toClient.isEmpty)
        let serverEvents = events(
            toClient.isEmpty && !orders.stopped.contains(.toClient), !toServer.isEmpty)
        var pollers = [
            pollfd(fd: client, events: clientEvents, revents: 0), pollfd(fd: server, events: serverEvents, revents: 0),
        ]
        _ = unsafe poll(&pollers, 2, Self.tickMilliseconds)
    }

    /// Moves what can be moved in one direction; false where that direction is at its end.
    private func relay(
        _ direction: FaultProxy.Direction, _ orders: FaultProxy.Orders, from source: Int32, to sink: Int32,
        _ pending: inout [UInt8]
    ) -> Bool {
        guard !orders.stopped.contains(direction) else { return true }
        if pending.isEmpty {
            var buffer = [UInt8](repeating: 0, count: Self.bufferBytes)
            let count = unsafe recv(source, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count < 0 { return errno == EAGAIN || errno == EINTR }
            guard count > 0 else { return false }
            pending = Array(buffer[..<count])
            if direction == .toServer { proxy.note(pending, ofConnection: index) }
        }
        // Asked anew: the order may have come while the relay waited.
        let left = direction == .toClient ? proxy.orders.withLock { $0.bytesToClientLeft } ?? .max : .max
        let room = min(pending.count, orders.isBytewise ? 1 : .max, left)
        // Noted first: as soon as the client has the bytes, somebody may look how many they were.
        if direction == .toClient { proxy.notePassing(pending.prefix(room)) }
        let count = unsafe send(sink, pending, room, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        let error = errno
        if direction == .toClient { proxy.noteNotPassed(room - max(count, 0)) }
        if count < 0 { return error == EAGAIN || error == EINTR }
        pending.removeFirst(count)
        guard direction == .toClient else { return true }
        return countDown(count)
    }

    /// False where the client has received all that it was to receive.
    private func countDown(_ count: Int) -> Bool {
        proxy.orders.withLock { orders in
            guard let left = orders.bytesToClientLeft else { return true }
            orders.bytesToClientLeft = left - count
            guard left <= count else { return true }
            guard let held = orders.held else { return false }
            orders.stopped.insert(.toClient)
            held.open()
            return true
        }
    }

    private func finish(isReset: Bool) {
        for descriptor in [client, server] {
            var linger = linger(l_onoff: isReset ? 1 : 0, l_linger: 0)
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
            Glibc.close(descriptor)
        }
    }
}
