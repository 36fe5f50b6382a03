import Glibc

/// One connection through a fault proxy. It looks at the orders at least every few milliseconds.
final class FaultRelay {
    /// How long an order may take to be noticed, and the pause between the pieces of a throttled direction.
    static let tickMilliseconds: Int32 = 5

    private static let bufferBytes = 64 << 10

    private let index: Int
    private let client: FaultEnd
    private let server: FaultEnd
    private let proxy: FaultProxy
    private var toServer: FaultPath
    private var toClient: FaultPath
    private var nextPiece: [Fault.Direction: ContinuousClock.Instant] = [:]

    init(client: FaultEnd, server: FaultEnd, proxy: FaultProxy, index: Int, seesMessages: Bool) {
        self.client = client
        self.server = server
        self.proxy = proxy
        self.index = index
        toServer = FaultPath(.toServer, seesMessages: seesMessages)
        toClient = FaultPath(.toClient, seesMessages: seesMessages)
    }

    /// Relays until one side ends or the proxy is told to end.
    func run() {
        guard client.begin(), server.begin() else { return finish(.cut) }
        var end: FaultPath.End?
        while end == nil {
            end = proxy.end(ofConnection: index)
            guard end == nil else { break }
            wait()
            end = relay(&toServer, from: client, to: server) ?? relay(&toClient, from: server, to: client)
        }
        finish(end ?? .cut)
    }

    private func wait() {
        func events(reading: FaultPath, writing: FaultPath) -> Int16 {
            let reads = reading.isEmpty && !proxy.isStalled(reading.direction)
            let writes = !writing.output.isEmpty && nextPiece[writing.direction] == nil
            return Int16((reads ? POLLIN : 0) | (writes ? POLLOUT : 0))
        }
        let clientEvents = events(reading: toServer, writing: toClient)
        let serverEvents = events(reading: toClient, writing: toServer)
        // An end of which nothing is wanted is not asked: one that has hung up would answer at once, again and again.
        var pollers = [
            pollfd(fd: clientEvents == 0 ? -1 : client.descriptor, events: clientEvents, revents: 0),
            pollfd(fd: serverEvents == 0 ? -1 : server.descriptor, events: serverEvents, revents: 0),
        ]
        let isReadable =
            clientEvents & Int16(POLLIN) != 0 && client.hasMore
            || serverEvents & Int16(POLLIN) != 0 && server.hasMore
        _ = unsafe poll(&pollers, 2, isReadable ? 0 : Self.tickMilliseconds)
    }

    /// Moves what can be moved in one direction; how the connection ends, where it does.
    private func relay(_ path: inout FaultPath, from source: FaultEnd, to sink: FaultEnd) -> FaultPath.End? {
        if path.isEmpty, !proxy.isStalled(path.direction) {
            switch source.read(max: Self.bufferBytes) {
            case .later: break
            case .end: return .cut
            case .bytes(let bytes):
                if path.direction == .toServer { proxy.recordFromClient(bytes, connection: index) }
                path.append(bytes)
            }
        }
        let pace = proxy.process(&path)
        let isRequest = path.takeEncryptionRequest()
        if isRequest { toClient.expectAnswer() }
        guard write(&path, to: sink, pace) else { return .cut }
        return path.output.isEmpty ? path.end : nil
    }

    /// False where the peer takes nothing more.
    private func write(_ path: inout FaultPath, to sink: FaultEnd, _ pace: Fault?) -> Bool {
        if let next = nextPiece[path.direction] {
            guard ContinuousClock.now >= next else { return true }
            nextPiece[path.direction] = nil
        }
        guard !path.output.isEmpty else { return true }
        var piece = path.output
        switch pace {
        case .split(let sizes): piece = piece.prefix(max(1, sizes[path.pieces % sizes.count]))
        case .throttle(let bytes):
            piece = piece.prefix(max(1, bytes))
            nextPiece[path.direction] = ContinuousClock.now + .milliseconds(Self.tickMilliseconds)
        default: break
        }
        // Recorded first: as soon as the client has the bytes, a test may look how many they were.
        if path.direction == .toClient { proxy.recordToClient(piece) }
        let count = sink.write(Array(piece))
        if path.direction == .toClient { proxy.takeBackToClient(piece.count - max(count ?? 0, 0)) }
        guard let count else { return false }
        if count > 0 { path.removeFirst(count) }
        return true
    }

    private func finish(_ end: FaultPath.End) {
        server.close(isReset: end == .reset)
        // Closing with unread bytes would send a reset.
        if end == .cut { client.sayFarewell { proxy.isOver } }
        client.close(isReset: end == .reset)
    }
}
