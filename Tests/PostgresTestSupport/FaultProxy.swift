import Glibc
import PostgresTransport

/// A relay between a client and a real server that does to the bytes what networks do.
///
/// Connections are relayed as they come, each by a thread of its own, over TCP. Commands hold for all of them.
package final class FaultProxy: Sendable {
    /// A way through the relay.
    package enum Direction: Sendable, Hashable {
        case toServer
        case toClient
    }

    /// What the relay does at present.
    struct Orders: Sendable {
        enum End { case cut, reset }

        var end: End?
        var stopped: Set<Direction> = []
        var isBytewise = false
        /// The bytes that may still pass to the client before everything is cut; nil for all.
        var bytesToClientLeft: Int?
        /// Opened in place of cutting: nothing more passes to the client then.
        var held: Gate?
        var isOver = false
    }

    let orders = Locked(Orders())
    private let recorded = Locked<[[UInt8]]>([])
    private let passedToClients = Locked<[UInt8]>([])
    private let listener: TestListener
    private let serverPort: UInt16
    private let hasEnded = Gate()

    private init(to serverPort: UInt16) throws {
        guard let listener = TestListener(.ipv4) else {
            throw ScriptedServer.Mismatch(description: "cannot listen on 127.0.0.1")
        }
        self.listener = listener
        self.serverPort = serverPort
        BlockingThread.start { self.accept() }
    }

    /// Relays to the server at `port` of `127.0.0.1` while `body` runs.
    package nonisolated(nonsending) static func run<Result>(
        to port: UInt16, _ body: nonisolated(nonsending) (FaultProxy) async throws -> Result
    ) async throws -> Result {
        let proxy = try FaultProxy(to: port)
        do {
            let result = try await body(proxy)
            await proxy.finish()
            return result
        } catch {
            await proxy.finish()
            throw error
        }
    }

    /// The port to connect to in place of the server's.
    package var port: UInt16 { listener.port }

    /// What came from the clients, one entry per connection; of each the first 64 KiB.
    package var bytesFromClients: [[UInt8]] { recorded.withLock { $0 } }

    /// How many bytes the clients' kernels have taken, all connections together.
    package var bytesToClients: Int { passedToClientsCount.withLock { $0 } }
    private let passedToClientsCount = Locked(0)

    /// What the clients' kernels have taken, all connections together; the first 64 KiB of it.
    package var messagesToClients: [UInt8] { passedToClients.withLock { $0 } }

    func notePassing(_ bytes: ArraySlice<UInt8>) {
        passedToClientsCount.withLock { $0 += bytes.count }
        passedToClients.withLock { $0 += bytes.prefix(max(0, Self.recordedBytesMax - $0.count)) }
    }

    /// The kernel did not take the last of the bytes that were noted.
    func noteNotPassed(_ count: Int) {
        guard count > 0 else { return }
        let total = passedToClientsCount.withLock { total in
            total -= count
            return total
        }
        passedToClients.withLock { $0.removeLast(max(0, $0.count - total)) }
    }

    /// How many connections have come so far.
    package var connectionCount: Int { bytesFromClients.count }

    func note(_ bytes: [UInt8], ofConnection index: Int) {
        recorded.withLock { $0[index] += bytes.prefix(max(0, Self.recordedBytesMax - $0[index].count)) }
    }

    private static let recordedBytesMax = 64 << 10

    /// Ends all connections in order (FIN), both ways.
    package func cut() { orders.withLock { $0.end = .cut } }

    /// Ends all connections with a reset (RST), both ways.
    package func reset() { orders.withLock { $0.end = .reset } }

    /// Lets nothing through in one direction until `resume`; the connections stay.
    package func stop(_ direction: Direction) { orders.withLock { _ = $0.stopped.insert(direction) } }

    /// Lets everything through again.
    package func resume() {
        orders.withLock { orders in
            orders.stopped = []
            if orders.held != nil { (orders.held, orders.bytesToClientLeft) = (nil, nil) }
        }
    }

    /// Passes one byte at a time from now on.
    package func passBytewise() { orders.withLock { $0.isBytewise = true } }

    /// Cuts the connections once the client has received this many further bytes.
    package func cut(afterBytesToClient count: Int) { orders.withLock { $0.bytesToClientLeft = count } }

    /// Lets nothing more through to the client once it has received this many further bytes, until `resume`.
    ///
    /// - Returns: what tells that it has come to that.
    package func hold(afterBytesToClient count: Int) -> Gate {
        let gate = Gate()
        orders.withLock { orders in
            orders.bytesToClientLeft = count
            orders.held = gate
        }
        return gate
    }

    private func finish() async {
        orders.withLock { orders in
            orders.isOver = true
            orders.stopped = []
        }
        await hasEnded.wait()
    }

    private func accept() {
        var poller = pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)
        while !orders.withLock({ $0.isOver }) {
            guard unsafe poll(&poller, 1, FaultRelay.tickMilliseconds) > 0 else { continue }
            let client = Glibc.accept(listener.descriptor, nil, nil)
            guard client >= 0 else { continue }
            let server = TestListener.connect(to: serverPort)
            let index = recorded.withLock { recorded in
                recorded.append([])
                return recorded.count - 1
            }
            BlockingThread.start { FaultRelay(client: client, server: server, proxy: self, index: index).run() }
        }
        listener.close()
        hasEnded.open()
    }
}
