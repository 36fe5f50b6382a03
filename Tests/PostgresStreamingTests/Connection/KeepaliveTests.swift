import Glibc
import PostgresStreaming
import PostgresTestSupport
import Testing

/// What the system is told to do with a silent peer, read back from the socket.
@Suite(.timeLimit(.minutes(1))) struct KeepaliveTests {
    private struct Options {
        var isOn: Int32?
        var idle: Int32?
        var interval: Int32?
        var count: Int32?
        var userTimeout: Int32?
        var noDelay: Int32?

        init(_ descriptor: Int32) {
            let tcp = Int32(IPPROTO_TCP)
            isOn = OpenSockets.option(descriptor, level: SOL_SOCKET, SO_KEEPALIVE)
            idle = OpenSockets.option(descriptor, level: tcp, TCP_KEEPIDLE)
            interval = OpenSockets.option(descriptor, level: tcp, TCP_KEEPINTVL)
            count = OpenSockets.option(descriptor, level: tcp, TCP_KEEPCNT)
            userTimeout = OpenSockets.option(descriptor, level: tcp, TCP_USER_TIMEOUT)
            noDelay = OpenSockets.option(descriptor, level: tcp, TCP_NODELAY)
        }
    }

    /// The options of the socket that a connection with these parameters has.
    private func options(_ parameters: String) async throws -> Options {
        try await ScriptedServer.run(.welcome + [.expectEnd]) { server in
            let connection = try await PostgresConnection.connect(server.url(parameters))
            let descriptors = OpenSockets.descriptors(to: server.port)
            try #require(descriptors.count == 1)
            let options = Options(descriptors[0])
            await connection.close()
            return options
        }
    }

    @Test func `what is given is set`() async throws {
        let options = try await options(
            "keepalives=1&keepalives_idle=31&keepalives_interval=7&keepalives_count=5&tcp_user_timeout=12345")
        #expect(options.isOn == 1 && options.idle == 31 && options.interval == 7)
        #expect(options.count == 5 && options.userTimeout == 12_345)
        #expect(options.noDelay == 1)
    }

    @Test func `what is not given notices a peer that vanished within two minutes`() async throws {
        let options = try await options("application_name=x")
        #expect(options.isOn == 1 && options.idle == 60 && options.interval == 10)
        #expect(options.count == 6 && options.userTimeout == 120_000)
    }

    @Test func `keepalive can be turned off`() async throws {
        #expect(try await options("keepalives=0").isOn == 0)
    }

    @Test func `zero and less leave it to the system`() async throws {
        let system = Self.untouched
        let options = try await options(
            "keepalives_idle=0&keepalives_interval=-1&keepalives_count=0&tcp_user_timeout=0")
        #expect(options.idle == system.idle && options.interval == system.interval)
        #expect(options.count == system.count && options.userTimeout == system.userTimeout)
    }

    @Test func `what the system refuses does no harm`() async throws {
        let options = try await options("keepalives_idle=2147483647&keepalives_count=2147483647")
        #expect(options.isOn == 1)
        #expect(options.idle == Self.untouched.idle && options.count == Self.untouched.count)
    }

    /// The options of a socket that nobody has done anything to.
    private static var untouched: Options {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return Options(descriptor)
    }
}
