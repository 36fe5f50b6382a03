import Glibc

// A host with several addresses may be reachable by some of them only, and one that swallows packets says nothing for
// minutes. So the attempts are started a quarter of a second apart, or at once when one fails, and the first that
// succeeds is taken (RFC 8305, "Happy Eyeballs"), with the families taking turns. All sockets of a race share one cell:
// a single task waits for whichever is ready and then asks each how it stands.

/// The attempts to connect to the addresses of one host.
package struct AddressRace {
    /// The address that answered first.
    package struct Winner {
        /// The connection to it.
        package let socket: Socket
        /// What it is.
        package let address: SocketAddress
        /// When the attempt began.
        package let start: MonotonicTime
        /// The addresses that had refused before, or had taken longer than one may.
        package let failures: [UnreachableAddress]
    }

    private typealias Attempt = (socket: Socket, address: SocketAddress, start: MonotonicTime)

    private let cell: ReadinessCell
    private let loop: EventLoop
    /// The time for one address.
    private let limit: Duration
    private var waiting: [SocketAddress]
    private var running: [Attempt] = []
    private var failures: [UnreachableAddress] = []
    private var nextStart = MonotonicTime.now

    private static let stagger = Duration.milliseconds(250)

    private init(_ addresses: [SocketAddress], limit: Duration, on loop: EventLoop) {
        self.loop = loop
        self.limit = limit
        cell = ReadinessCell(loop: loop)
        waiting = Self.familiesInTurns(addresses)
    }

    /// Connects to the first of a host's addresses that answers.
    ///
    /// - Parameters:
    ///   - limit: The time that one address has from when its turn came; nil where `deadline` alone ends the wait.
    ///   - deadline: When the whole race is over.
    /// - Throws: `unreachable`, with what became of each address that had its turn; for a single address what became
    ///   of it.
    package nonisolated(nonsending) static func first(
        of addresses: [SocketAddress], within limit: Duration? = nil, on loop: EventLoop,
        deadline: MonotonicTime
    ) async throws(TransportError) -> sending Winner {
        guard addresses.count > 1 else {
            guard let address = addresses.first else { throw .unreachable([]) }
            let start = MonotonicTime.now
            let end = limit.map { min(start + $0, deadline) } ?? deadline
            let socket = try await Socket.connect(to: address, on: loop, deadline: end)
            return Winner(socket: socket, address: address, start: start, failures: [])
        }
        let limit = limit ?? max(MonotonicTime.now.duration(to: deadline), .zero)
        var race = AddressRace(addresses, limit: limit, on: loop)
        while true {
            if let winner = try race.advance(before: deadline) { return winner }
            switch await race.cell.wait(for: .writable, deadline: race.nextTurn(before: deadline)) {
            case .cancelled: throw .cancelled
            case .ready, .timedOut: break
            }
        }
    }

    /// When to look again even if nothing was signalled.
    private func nextTurn(before deadline: MonotonicTime) -> MonotonicTime {
        let end = running.first.map { min($0.start + limit, deadline) } ?? deadline
        return waiting.isEmpty ? end : min(nextStart, end)
    }

    /// Starts what is due, asks every attempt how it stands and returns the winner, if there is one.
    private mutating func advance(before deadline: MonotonicTime) throws(TransportError) -> Winner? {
        while true {
            let now = MonotonicTime.now
            if !waiting.isEmpty, running.isEmpty || now >= nextStart { start(waiting.removeFirst(), at: now) }
            if let winner = poll(at: now) { return winner }
            guard now < deadline, !(running.isEmpty && waiting.isEmpty) else {
                throw .unreachable(failures + running.map { UnreachableAddress($0.address) })
            }
            let isNextDue = running.isEmpty || !waiting.isEmpty && now >= nextStart
            guard isNextDue else { return nil }
        }
    }

    private mutating func start(_ address: SocketAddress, at now: MonotonicTime) {
        nextStart = now + Self.stagger
        do throws(TransportError) {
            running.append((try Socket.open(address.family, on: loop, cell: cell), address, now))
        } catch {
            failures.append(UnreachableAddress(address, error))
        }
    }

    private mutating func poll(at now: MonotonicTime) -> Winner? {
        for attempt in running {
            switch attempt.socket.connect(to: attempt.address) {
            case 0, EISCONN:
                for loser in running where loser.socket !== attempt.socket { loser.socket.close() }
                running = []
                return Winner(
                    socket: attempt.socket, address: attempt.address, start: attempt.start, failures: failures)
            case EINPROGRESS, EALREADY, EINTR:
                if now >= attempt.start + limit { giveUp(attempt, UnreachableAddress(attempt.address), at: now) }
            case let code:
                giveUp(attempt, UnreachableAddress(attempt.address, .system("connect", code)), at: now)
            }
        }
        return nil
    }

    /// An attempt that failed gives the next its turn at once.
    private mutating func giveUp(_ attempt: Attempt, _ failure: UnreachableAddress, at now: MonotonicTime) {
        attempt.socket.close()
        failures.append(failure)
        running.removeAll { $0.socket === attempt.socket }
        nextStart = now
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
