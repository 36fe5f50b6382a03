import CInterleavings

/// Sockets that lead to servers in memory, and what the loop has to be told of them.
struct Kernel {
    /// What the loop is told, as epoll tells it.
    struct Event {
        let token: UInt64
        let flags: UInt32
    }

    static let readable: UInt32 = 0x1
    static let writable: UInt32 = 0x4
    static let hungUp: UInt32 = 0x10

    /// Descriptors from here on are of this kernel, and no other's.
    static let descriptorMin = Int32(cinterleavings_descriptor_min)

    /// In the order in which they were opened.
    private var sockets: [VirtualSocket] = []
    private var nextDescriptor = Kernel.descriptorMin
    private(set) var sessions = SessionTable()

    /// The sockets that are open.
    var openCount: Int { sockets.count }

    subscript(descriptor: Int32) -> VirtualSocket? { sockets.first { $0.descriptor == descriptor } }

    // MARK: what the library calls

    mutating func open() -> Int32 {
        defer { nextDescriptor += 1 }
        sockets.append(VirtualSocket(nextDescriptor))
        return nextDescriptor
    }

    mutating func close(_ descriptor: Int32) {
        guard let index = sockets.firstIndex(where: { $0.descriptor == descriptor }) else { return }
        let socket = sockets.remove(at: index)
        socket.close()
        sessions.clientLeft(socket)
    }

    /// Registers a descriptor, changes what is told of it, or forgets it; edge-triggered.
    mutating func watch(_ descriptor: Int32, token: UInt64?, flags: UInt32) {
        guard let socket = self[descriptor] else { return }
        socket.token = token
        socket.watched = flags & (Self.readable | Self.writable)
        socket.ready = 0
        // What is ready by then is told; a socket that has not begun to connect looks hung up.
        if token != nil { tell(socket, socket.readiness) }
    }

    mutating func tell(_ socket: VirtualSocket, _ flags: UInt32) {
        let flags = flags & (socket.watched | (socket.watched == 0 ? 0 : Self.hungUp))
        guard socket.token != nil, flags != 0 else { return }
        socket.ready |= flags
    }

    // MARK: what the world asks for

    /// Whether there is anything to tell the loop.
    var hasReady: Bool { sockets.contains { $0.ready != 0 } }

    /// Takes out some of what is ready, one socket at least.
    mutating func takeReady(max: Int, _ world: World) -> [Event] {
        var events: [Event] = []
        for socket in sockets where socket.ready != 0 {
            guard let token = socket.token else { continue }
            guard events.isEmpty || events.count < max && world.chance(1, of: 2) else { continue }
            events.append(Event(token: token, flags: socket.ready))
            socket.ready = 0
        }
        return events
    }

    /// Whether a server, or the network, has something to do.
    func hasWork(at time: Int64) -> Bool { sockets.contains { $0.hasWork(at: time) } }

    /// When a server that does nothing for now goes on; nil where none does.
    func nextWork(after time: Int64) -> Int64? {
        sockets.compactMap { $0.session?.stalledUntil }.filter { $0 > time }.min()
    }

    /// Has one server, or the network, do one thing.
    mutating func work(_ world: World) -> String {
        let able = sockets.filter { $0.hasWork(at: world.now) }
        guard let socket = able.randomElement(using: &world.generator) else { return "" }
        if socket.state == .connecting {
            socket.establish(sessions.begin())
            tell(socket, Self.writable)
            return "connected \(socket.descriptor - Self.descriptorMin)"
        }
        let (could, had) = (socket.hasRoom, socket.output.isEmpty && !socket.hasEnd)
        let what = socket.session?.work(socket, &sessions, world) ?? ""
        if !could, socket.hasRoom { tell(socket, Self.writable) }
        if had, !socket.output.isEmpty || socket.hasEnd { tell(socket, Self.readable) }
        return "\(socket.descriptor - Self.descriptorMin) \(what)"
    }

    /// The other end breaks off.
    mutating func breakOff(_ socket: VirtualSocket) {
        socket.hasEnd = true
        tell(socket, Self.readable | Self.writable | Self.hungUp)
    }
}
