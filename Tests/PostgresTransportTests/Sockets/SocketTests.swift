import PostgresTestSupport
import PostgresTransport
import Testing

@Suite(.timeLimit(.minutes(1))) struct SocketTests {
    private let loop: EventLoop

    init() throws { loop = try EventLoops.first() }

    private var soon: MonotonicTime { .now + .seconds(10) }

    private func address(of listener: TestListener, _ place: TestListener.Place) async throws -> SocketAddress {
        let host = [.ipv4: "127.0.0.1", .ipv6: "::1"][place]
        guard let host else { return try #require(SocketAddress(unixPath: "\(listener.directory)/.s.PGSQL.5432")) }
        return try await Resolver.resolve(host: host, port: listener.port, on: loop, deadline: nil)[0]
    }

    private func address(port: UInt16) async throws -> SocketAddress {
        try await Resolver.resolve(host: "127.0.0.1", port: port, on: loop, deadline: nil)[0]
    }

    /// Reads until something comes or the stream ends.
    private func read(_ socket: Socket) async throws(TransportError) -> [UInt8] {
        while true {
            let bytes = try socket.readSome()
            if !bytes.isEmpty { return bytes }
            try await socket.wait(for: .readable, deadline: soon)
        }
    }

    @Test(arguments: TestListener.Place.allCases)
    func `a socket connects`(place: TestListener.Place) async throws {
        guard let listener = TestListener(place) else { return }
        let address = try await address(of: listener, place)
        let socket = try await Socket.connect(to: address, on: loop, deadline: soon)
        #expect(!socket.isClosed)
        #expect(address.isUnix == (place == .abstractUnix))
        listener.close()
    }

    @Test func `a port where nobody listens is refused`() async throws {
        let listener = try #require(TestListener(.ipv4))
        listener.close()
        let address = try await address(port: listener.port)
        await #expect(throws: TransportError.system("connect", 111)) {
            _ = try await Socket.connect(to: address, on: loop, deadline: soon)
        }
    }

    @Test func `a name where nobody listens is refused`() async throws {
        for path in ["@pg-test-nobody", "/nowhere/.s.PGSQL.5432"] {
            let address = try #require(SocketAddress(unixPath: path))
            await #expect(throws: TransportError.self) {
                _ = try await Socket.connect(to: address, on: loop, deadline: soon)
            }
        }
    }

    @Test func `a path has at most 107 bytes and no NUL`() {
        #expect(SocketAddress(unixPath: "/" + String(repeating: "x", count: 106)) != nil)
        #expect(SocketAddress(unixPath: "/" + String(repeating: "x", count: 107)) == nil)
        #expect(SocketAddress(unixPath: "@" + String(repeating: "x", count: 107)) != nil)
        #expect(SocketAddress(unixPath: "@" + String(repeating: "x", count: 108)) == nil)
        #expect(SocketAddress(unixPath: "") == nil)
        #expect(SocketAddress(unixPath: "/a\0b") == nil)
    }

    @Test func `an address that swallows connections is waited for until the deadline, every time`() async throws {
        let hole = try #require(BlackHole())
        let address = try await address(port: hole.port)
        for _ in 0..<100 {
            await #expect(throws: TransportError.timedOut) {
                _ = try await Socket.connect(to: address, on: loop, deadline: .now + .milliseconds(5))
            }
        }
    }

    @Test func `bytes arrive, and then the end of the stream`() async throws {
        try await ScriptedServer.run([.send([1, 2, 3]), .close]) { server in
            let socket = try await Socket.connect(to: try await address(port: server.port), on: loop, deadline: soon)
            var bytes: [UInt8] = []
            while bytes.count < 3 { bytes += try await read(socket) }
            #expect(bytes == [1, 2, 3])
            await #expect(throws: TransportError.closedByPeer) { _ = try await read(socket) }
        }
    }

    @Test func `a reset is an error of recv`() async throws {
        try await ScriptedServer.run([.expect("X"), .reset]) { server in
            let socket = try await Socket.connect(to: try await address(port: server.port), on: loop, deadline: soon)
            #expect(try socket.write(Self.terminate) == 5)
            // ECONNRESET is 104 on Linux.
            await #expect(throws: TransportError.system("recv", 104)) { _ = try await read(socket) }
        }
    }

    private static let terminate: [UInt8] = [UInt8(ascii: "X"), 0, 0, 0, 4]

    @Test func `a writer waits while the kernel's buffer is full`() async throws {
        let full = Gate()
        try await ScriptedServer.run([.hold(until: full), .expectEnd]) { server in
            let socket = try await Socket.connect(to: try await address(port: server.port), on: loop, deadline: soon)
            let bytes = [UInt8](repeating: 7, count: 1 << 20)
            var count = 0
            var room = 1
            while room > 0 {
                room = try socket.write(bytes)
                count += room
            }
            full.open()
            room = 0
            while room == 0 {
                try await socket.wait(for: .writable, deadline: soon)
                room = try socket.write(bytes)
            }
            #expect(count > 0 && room > 0)
        }
    }

    @Test func `a closed socket neither reads nor writes nor keeps a wait`() async throws {
        let listener = try #require(TestListener(.ipv4))
        let socket = try await Socket.connect(to: try await address(port: listener.port), on: loop, deadline: soon)
        socket.close()
        socket.close()
        #expect(socket.isClosed)
        #expect(throws: TransportError.closedByPeer) { try socket.write(Self.terminate) }
        try await socket.wait(for: .readable, deadline: soon)
        await #expect(throws: TransportError.closedByPeer) { _ = try await read(socket) }
        listener.close()
    }
}
