import Glibc
import PostgresTransport

/// A relay between a client and a real server that does to the bytes what networks do, and worse.
///
/// Connections are relayed as they come, each by a thread of its own, over TCP. TLS passes as it is, or the proxy ends
/// it on one side or on both, to see the messages within. Faults hold for all connections unless they end one.
package final class FaultProxy: Sendable {
    /// A way through the proxy.
    package typealias Direction = Fault.Direction

    /// Where TLS ends that a client or a server asks for.
    package enum TLSEnd: Sendable {
        /// At the client and the server; the proxy passes ciphertext.
        case none
        /// At the server and at the proxy, whose clients speak in the clear.
        case towardServer
        /// On either side of the proxy, which shows clients the certificate `good`.
        case both
    }

    /// A fault that is still to happen, and what tells that it has.
    struct Plan: Sendable {
        let fault: Fault
        /// Counted from the beginning of the first connection.
        let place: Fault.Place
        let gate: Gate
    }

    /// What the proxy is to do, and how far it is.
    struct Orders: Sendable {
        var plans: [Direction: Plan] = [:]
        var positions: [Direction: Fault.Position] = [:]
        var stalled: Set<Direction> = []
        var paces: [Direction: Fault] = [:]
        /// The connections that came before this one are to end.
        var ended: (before: Int, how: FaultPath.End) = (0, .cut)
        var isOver = false
    }

    private struct Record: Sendable {
        var bytesFromClients: [[UInt8]] = []
        var messagesToClients: [UInt8] = []
        var bytesToClients = 0
    }

    private static let recordedBytesMax = 64 << 10

    private let orders = Locked(Orders())
    private let record = Locked(Record())
    /// The thread that accepts, and one for each connection; and what waits for the latter.
    private let threads = Locked<(count: Int, waiting: Gate?)>((1, nil))
    private let listener: TestListener
    private let serverPort: UInt16
    private let tlsEnd: TLSEnd
    private let seesMessages: Bool
    private let hasEnded = Gate()

    private init(to serverPort: UInt16, _ tlsEnd: TLSEnd, seesMessages: Bool) throws {
        guard let listener = TestListener(.ipv4) else {
            throw ScriptedServer.Mismatch(description: "cannot listen on 127.0.0.1")
        }
        self.listener = listener
        self.serverPort = serverPort
        self.tlsEnd = tlsEnd
        self.seesMessages = seesMessages
        BlockingThread.start { self.accept() }
    }

    /// Relays to the server at `port` of `127.0.0.1` while `body` runs. Places can be given in messages where
    /// `seesMessages` is true, which costs time for each message.
    package nonisolated(nonsending) static func run<Result>(
        to port: UInt16, endingTLS tlsEnd: TLSEnd = .none, seesMessages: Bool = false,
        _ body: nonisolated(nonsending) (FaultProxy) async throws -> Result
    ) async throws -> Result {
        let proxy = try FaultProxy(to: port, tlsEnd, seesMessages: seesMessages)
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

    // MARK: what passes

    /// What came from the clients, one entry per connection; of each the first 64 KiB.
    package var bytesFromClients: [[UInt8]] { record.withLock { $0.bytesFromClients } }

    /// How many bytes the clients' kernels have taken, all connections together.
    package var bytesToClients: Int { record.withLock { $0.bytesToClients } }

    /// What the clients' kernels have taken, all connections together; the first 64 KiB of it.
    package var messagesToClients: [UInt8] { record.withLock { $0.messagesToClients } }

    /// How many connections have come so far.
    package var connectionCount: Int { bytesFromClients.count }

    /// How much has passed in one direction, all connections together.
    package func position(_ direction: Direction) -> Fault.Position {
        orders.withLock { $0.positions[direction, default: .init()] }
    }

    func recordFromClient(_ bytes: [UInt8], connection index: Int) {
        record.withLock { record in
            record.bytesFromClients[index] += bytes.prefix(Self.recordedBytesMax - record.bytesFromClients[index].count)
        }
    }

    func recordToClient(_ bytes: ArraySlice<UInt8>) {
        record.withLock { record in
            record.bytesToClients += bytes.count
            record.messagesToClients += bytes.prefix(Self.recordedBytesMax - record.messagesToClients.count)
        }
    }

    /// The kernel did not take the last of the bytes that were recorded.
    func takeBackToClient(_ count: Int) {
        guard count > 0 else { return }
        record.withLock { record in
            record.bytesToClients -= count
            record.messagesToClients.removeLast(max(0, record.messagesToClients.count - record.bytesToClients))
        }
    }

    // MARK: faults

    /// Ends all present connections in order (FIN), both ways.
    package func cut() { end(.cut) }

    /// Ends all present connections with a reset (RST), both ways.
    package func reset() { end(.reset) }

    private func end(_ how: FaultPath.End) {
        let count = connectionCount
        orders.withLock { $0.ended = (count, how) }
    }

    /// Lets nothing through in one direction until `resume`; the connections stay.
    package func stall(_ direction: Direction) { orders.withLock { _ = $0.stalled.insert(direction) } }

    /// Lets everything through again, as fast and in such pieces as it comes, and forgets what was planned.
    package func resume() {
        orders.withLock { orders in
            orders.stalled = []
            orders.paces = [:]
            orders.plans = [:]
        }
    }

    /// Has a fault happen once, after this much more has passed in a direction; it replaces what was planned there.
    ///
    /// - Returns: what tells that it has happened.
    @discardableResult
    package func inject(_ fault: Fault, after place: Fault.Place = .bytes(0), _ direction: Direction) -> Gate {
        if [.drop, .duplicate].contains(fault) || place.isInMessages {
            precondition(seesMessages, "this proxy was not told to see messages")
        }
        let gate = Gate()
        orders.withLock { orders in
            let position = orders.positions[direction, default: .init()]
            switch place {
            case .bytes(let bytes):
                orders.plans[direction] = Plan(fault: fault, place: .bytes(position.bytes + bytes), gate: gate)
            case .messages(let messages):
                orders.plans[direction] = Plan(
                    fault: fault, place: .messages(position.messages + messages), gate: gate)
            }
        }
        return gate
    }

    /// Applies the orders to a connection's bytes, and tells what to heed when they are written.
    func process(_ path: inout FaultPath) -> Fault? {
        orders.withLock { orders in
            path.process(&orders)
            return orders.paces[path.direction]
        }
    }

    func isStalled(_ direction: Direction) -> Bool { orders.withLock { $0.stalled.contains(direction) } }

    /// How a connection is to end now; nil where it is to go on.
    func end(ofConnection index: Int) -> FaultPath.End? {
        orders.withLock { orders in orders.isOver ? .cut : index < orders.ended.before ? orders.ended.how : nil }
    }

    var isOver: Bool { orders.withLock { $0.isOver } }

    /// Waits until the clients have closed all connections; false where one does not in time. One that was cut is not
    /// closed before the client does so.
    package nonisolated(nonsending) func waitUntilUnused(secondsMax: Int32) async -> Bool {
        let gate = threads.withLock { threads -> Gate? in
            guard threads.count > 1 else { return nil }
            let gate = threads.waiting ?? Gate()
            threads.waiting = gate
            return gate
        }
        return await gate?.wait(secondsMax: secondsMax) ?? true
    }

    // MARK: threads

    private func finish() async {
        orders.withLock { $0.isOver = true }
        await hasEnded.wait()
    }

    private func accept() {
        var poller = pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)
        while !isOver {
            guard unsafe poll(&poller, 1, FaultRelay.tickMilliseconds) > 0 else { continue }
            let client = Glibc.accept(listener.descriptor, nil, nil)
            guard client >= 0 else { continue }
            let index = record.withLock { record in
                record.bytesFromClients.append([])
                return record.bytesFromClients.count - 1
            }
            threads.withLock { $0.count += 1 }
            BlockingThread.start { self.relay(client, index) }
        }
        listener.close()
        endThread()
    }

    private func relay(_ client: Int32, _ index: Int) {
        let server = TestListener.connect(to: serverPort)
        let clientEnd = FaultEnd(client, tlsEnd == .both ? .server : nil)
        let serverEnd = FaultEnd(server, tlsEnd == .none ? nil : .client)
        FaultRelay(client: clientEnd, server: serverEnd, proxy: self, index: index, seesMessages: seesMessages).run()
        endThread()
    }

    private func endThread() {
        let (isLast, waiting) = threads.withLock { threads in
            threads.count -= 1
            return (threads.count == 0, threads.count <= 1 ? threads.waiting : nil)
        }
        waiting?.open()
        if isLast { hasEnded.open() }
    }
}
