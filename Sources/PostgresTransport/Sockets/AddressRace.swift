import Glibc

// A host with several addresses may be reachable by some of them only, and one that swallows packets says nothing for
// minutes. So the attempts are started a quarter of a second apart, or at once when one fails, and the first that
// succeeds is taken (RFC 8305, "Happy Eyeballs"), with the families taking turns. All sockets of a race share one cell:
// a single task waits for whichever is ready and then asks each how it stands.

extension Socket {
    /// Connects to the first of a host's addresses that answers, and says which it was.
    package nonisolated(nonsending) static func connect(
        toFirstOf addresses: [SocketAddress], on loop: EventLoop, deadline: ContinuousClock.Instant
    ) async throws(TransportError) -> sending (Socket, SocketAddress) {
        guard addresses.count > 1 else {
            guard let address = addresses.first else { throw .unreachable([]) }
            return (try await connect(to: address, on: loop, deadline: deadline), address)
        }
        var race = AddressRace(addresses, on: loop)
        while true {
            if let winner = try race.advance(before: deadline) { return winner }
            switch await race.cell.wait(for: .writable, deadline: race.nextTurn(before: deadline)) {
            case .cancelled: throw .cancelled
            case .ready, .timedOut: break
            }
        }
    }
}

/// The attempts to connect to the addresses of one host.
private struct AddressRace {
    let cell: ReadinessCell
    private let loop: EventLoop
    private var waiting: [SocketAddress]
    private var running: [(socket: Socket, address: SocketAddress)] = []
    private var failures: [UnreachableAddress] = []
    private var nextStart = ContinuousClock.now

    private static let stagger = Duration.milliseconds(250)

    init(_ addresses: [SocketAddress], on loop: EventLoop) {
        self.loop = loop
        cell = ReadinessCell(loop: loop)
        waiting = Self.familiesInTurns(addresses)
    }

    /// When to look again even if nothing was signalled.
    func nextTurn(before deadline: ContinuousClock.Instant) -> ContinuousClock.Instant {
        waiting.isEmpty ? deadline : min(nextStart, deadline)
    }

    /// Starts what is due, asks every attempt how it stands and returns the winner, if there is one.
    mutating func advance(before deadline: ContinuousClock.Instant) throws(TransportError) -> (Socket, SocketAddress)? {
        while true {
            let now = ContinuousClock.now
            if !waiting.isEmpty, running.isEmpty || now >= nextStart { start(waiting.removeFirst(), at: now) }
            if let winner = poll(at: now) { return winner }
            guard now < deadline, !(running.isEmpty && waiting.isEmpty) else {
                throw .unreachable(failures + running.map { UnreachableAddress($0.address) })
            }
            let isNextDue = running.isEmpty || !waiting.isEmpty && now >= nextStart
            guard isNextDue else { return nil }
        }
    }

    private mutating func start(_ address: SocketAddress, at now: ContinuousClock.Instant) {
        nextStart = now + Self.stagger
        do throws(TransportError) {
            running.append((try Socket.open(address.family, on: loop, cell: cell), address))
        } catch {
            failures.append(UnreachableAddress(address, error))
        }
    }

    private mutating func poll(at now: ContinuousClock.Instant) -> (Socket, SocketAddress)? {
        for (socket, address) in running {
            switch socket.connect(to: address) {
            case 0, EISCONN:
                for loser in running where loser.socket !== socket { loser.socket.close() }
                running = []
                return (socket, address)
            case EINPROGRESS, EALREADY, EINTR:
                break
            case let code:
                socket.close()
                failures.append(UnreachableAddress(address, .system("connect", code)))
                running.removeAll { $0.socket === socket }
                // Whoever fails gives the next its turn at once.
                nextStart = now
            }
        }
        return nil
    }

    /// Keeps the resolver's order within a family, and lets the families take turns, the first one's first.
    private static func familiesInTurns(_ addresses: [SocketAddress]) -> [SocketAddress] {
        var first = addresses.filter { $0.family == addresses[0].family }[...]
        var second = addresses.filter { $0.family != addresses[0].family }[...]
        var ordered: [SocketAddress] = []
        while !first.isEmpty || !second.isEmpty {
            if let address = first.popFirst() { ordered.append(address) }
            if let address = second.popFirst() { ordered.append(address) }
        }
        return ordered
    }
}

/// An address that no connection could be made to, and why.
package struct UnreachableAddress: Hashable, Sendable {
    /// The address as a person reads it.
    package let address: String
    /// An `errno`; nil where there was no answer in time.
    package let code: Int32?

    /// Says that an address did not answer.
    init(_ address: SocketAddress) {
        self.address = address.description
        code = nil
    }

    init(_ address: SocketAddress, _ error: TransportError) {
        self.address = address.description
        code = if case .system(_, let code) = error { code } else { nil }
    }
}
