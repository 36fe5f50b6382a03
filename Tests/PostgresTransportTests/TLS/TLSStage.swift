import PostgresTestSupport
import PostgresTransport
import Testing

/// What the tests of TLS share: settings, connections to a front end, reading and writing with a limit.
struct TLSStage {
    let loop: EventLoop
    let certificates: TestCertificates

    init() throws {
        loop = try EventLoops.first()
        certificates = try .shared
    }

    /// What a connection ends with that was established and then cut.
    static let truncation = TransportError.tls(
        TLSFailure(.truncated, "the TLS connection ended without the server's good-bye"))

    var soon: MonotonicTime { .now + .seconds(20) }

    /// Settings that verify everything, for `db.example` and the tests' root.
    func settings(_ change: (inout TLSSettings) -> Void = { _ in }) -> TLSSettings {
        var settings = TLSSettings(verification: .chainAndHost, hostName: "db.example")
        settings.roots = .file(certificates.path("root.crt"))
        change(&settings)
        return settings
    }

    /// Settings that take any server.
    var trusting: TLSSettings { TLSSettings(verification: .none, hostName: "db.example") }

    func connect(port: UInt16) async throws -> sending Socket {
        let address = try await Resolver.resolve(host: "127.0.0.1", port: port, on: loop, deadline: soon)[0]
        return try await Socket.connect(to: address, on: loop, deadline: soon)
    }

    /// The failure with which TLS does not come about; nil where it does.
    func failure(_ settings: TLSSettings, port: UInt16) async throws -> TransportError? {
        let socket = try await connect(port: port)
        do throws(TransportError) {
            _ = try await socket.startTLS(settings, deadline: soon)
            return nil
        } catch {
            #expect(socket.isClosed)
            return error
        }
    }

    /// Expects that TLS comes about.
    func expectTLS(_ settings: TLSSettings, port: UInt16) async throws {
        let failure = try await failure(settings, port: port)
        #expect(failure == nil)
    }

    /// As `failure`, where it has to be one of TLS.
    func tlsFailure(_ settings: TLSSettings, port: UInt16) async throws -> TLSFailure? {
        guard case .tls(let failure) = try await failure(settings, port: port) else { return nil }
        return failure
    }

    /// Reads until so many bytes have come.
    func read(_ count: Int, from socket: Socket) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count { bytes += try await readSome(socket) }
        return bytes
    }

    /// Reads until something comes or the stream ends.
    func readSome(_ socket: Socket) async throws(TransportError) -> [UInt8] {
        while true {
            let bytes = try socket.readSome(atMost: 64 << 10)
            if !bytes.isEmpty { return bytes }
            try await socket.wait(
                for: socket.hasPendingOutput ? [.readable, .writable] : .readable, deadline: soon)
        }
    }

    /// Writes everything, ciphertext included.
    func write(_ bytes: [UInt8], to socket: Socket) async throws {
        var rest = bytes[...]
        while !rest.isEmpty || socket.hasPendingOutput {
            rest = rest.dropFirst(try socket.write(Array(rest)))
            if !rest.isEmpty || socket.hasPendingOutput { try await socket.wait(for: .writable, deadline: soon) }
        }
    }
}

extension TLSStage {
    /// Waits until that many connections have ended with a good-bye.
    func untilEnded(_ server: ScriptedServer, count: Int) async throws {
        let deadline = soon
        while server.transcripts.count(where: \.hasEndedInOrder) < count {
            guard MonotonicTime.now < deadline else { throw TransportError.timedOut }
            await Task.yield()
        }
    }
}
