/// One end of a connection, the library's, and the bytes on their way in both directions.
final class VirtualSocket {
    enum State { case new, connecting, connected, closed }

    let descriptor: Int32
    private(set) var state = State.new
    /// The server at the other end.
    private(set) var session: ServerSession?
    var token: UInt64?
    /// What the loop wants to be told.
    var watched: UInt32 = 0
    /// What the loop was not told yet.
    var ready: UInt32 = 0
    /// From the client to the server, and from the server to the client.
    var input: [UInt8] = []
    var output: [UInt8] = []
    /// Nothing comes after `output`.
    var hasEnd = false

    private static let inputBytesMax = 1024
    private static let outputBytesMax = 4096

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Whether the client may write, and the server.
    var hasRoom: Bool { input.count < Self.inputBytesMax }
    var hasRoomForServer: Bool { output.count < Self.outputBytesMax }

    var readiness: UInt32 {
        switch state {
        case .new: Kernel.writable | Kernel.hungUp
        case .connecting, .closed: 0
        case .connected:
            (output.isEmpty && !hasEnd ? 0 : Kernel.readable) | (hasRoom ? Kernel.writable : 0)
        }
    }

    func connect() { state = .connecting }

    func establish(_ session: ServerSession) {
        state = .connected
        self.session = session
    }

    func close() { state = .closed }

    func hasWork(at time: Int64) -> Bool {
        switch state {
        case .new, .closed: false
        case .connecting: true
        case .connected: session?.hasWork(self, at: time) ?? false
        }
    }

    /// Hands out bytes, as many as there are or a few of them.
    func read(max: Int, _ world: World) -> ArraySlice<UInt8> {
        let all = min(max, output.count)
        let count = all > 1 && world.chance(1, of: 4) ? world.random(1...all) : all
        defer { output.removeFirst(count) }
        return output.prefix(count)
    }

    /// Takes bytes, as many as there is room for or a few of them; returns how many.
    func write(_ bytes: [UInt8], _ world: World) -> Int {
        let all = min(bytes.count, max(Self.inputBytesMax - input.count, 0))
        let count = all > 1 && world.chance(1, of: 8) ? world.random(1...all) : all
        input += bytes.prefix(count)
        return count
    }
}
