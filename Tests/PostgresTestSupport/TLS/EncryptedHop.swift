import COpenSSL
import Glibc
import PostgresTransport

/// The second hop of somebody in the middle: takes plain connections and passes them on to a real server over TLS, as
/// if it were the client.
package final class EncryptedHop: Sendable {
    private let isOver = Locked(false)
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

    /// Passes connections on to the server at `port` of `127.0.0.1` while `body` runs.
    package nonisolated(nonsending) static func run<Result>(
        to port: UInt16, _ body: nonisolated(nonsending) (EncryptedHop) async throws -> Result
    ) async throws -> Result {
        let hop = try EncryptedHop(to: port)
        do {
            let result = try await body(hop)
            await hop.finish()
            return result
        } catch {
            await hop.finish()
            throw error
        }
    }

    /// The port to connect to in place of the server's.
    package var port: UInt16 { listener.port }

    private func finish() async {
        isOver.withLock { $0 = true }
        await hasEnded.wait()
    }

    private func accept() {
        var poller = pollfd(fd: listener.descriptor, events: Int16(POLLIN), revents: 0)
        while !isOver.withLock({ $0 }) {
            guard unsafe poll(&poller, 1, FaultRelay.tickMilliseconds) > 0 else { continue }
            let client = Glibc.accept(listener.descriptor, nil, nil)
            guard client >= 0 else { continue }
            BlockingThread.start { [serverPort] in
                let server = TestListener.connect(to: serverPort)
                EncryptedHopRelay(client: client, server: server)?.run()
                close(client)
                close(server)
            }
        }
        listener.close()
        hasEnded.open()
    }
}

/// One connection through the hop. No wait is longer than a scripted server's.
@safe
private final class EncryptedHopRelay {
    private let client: Int32
    private let server: Int32
    private let context: OpaquePointer
    private let ssl: OpaquePointer

    init?(client: Int32, server: Int32) {
        guard let context = unsafe SSL_CTX_new(TLS_client_method()) else { return nil }
        guard let ssl = unsafe SSL_new(context) else {
            unsafe SSL_CTX_free(context)
            return nil
        }
        self.client = client
        self.server = server
        unsafe self.context = context
        unsafe self.ssl = ssl
        unsafe SSL_set_fd(ssl, server)
    }

    deinit {
        unsafe SSL_free(ssl)
        unsafe SSL_CTX_free(context)
    }

    func run() {
        // OpenSSL writes to a socket that the server may have closed.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGPIPE)
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        let request: [UInt8] = [0, 0, 0, 8, 4, 210, 22, 47]
        var answer: UInt8 = 0
        guard wait(for: POLLOUT), unsafe send(server, request, request.count, 0) == request.count, wait(for: POLLIN),
            unsafe recv(server, &answer, 1, 0) == 1, answer == UInt8(ascii: "S")
        else { return }
        guard repeating({ unsafe SSL_connect(ssl) }) == 1 else { return }
        while relayOnce() {}
        unsafe SSL_shutdown(ssl)
    }

    private func relayOnce() -> Bool {
        var pollers = [
            pollfd(fd: client, events: Int16(POLLIN), revents: 0),
            pollfd(fd: server, events: Int16(POLLIN), revents: 0),
        ]
        if unsafe SSL_pending(ssl) == 0, unsafe poll(&pollers, 2, ScriptedServer.secondsMax * 1000) <= 0 {
            return false
        }
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        let count = unsafe recv(client, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        if count > 0 {
            let bytes = Array(buffer[..<count])
            guard repeating({ unsafe SSL_write(ssl, bytes, Int32(count)) }) == Int32(count) else { return false }
        } else if count == 0 || errno != EAGAIN {
            return false
        }
        let answer = unsafe SSL_read(ssl, &buffer, Int32(buffer.count))
        guard answer > 0 else { return unsafe SSL_get_error(ssl, answer) == SSL_ERROR_WANT_READ }
        return unsafe send(client, buffer, Int(answer), Int32(MSG_NOSIGNAL)) == Int(answer)
    }

    private func repeating(_ call: () -> Int32) -> Int32 {
        while true {
            ERR_clear_error()
            let result = call()
            guard result <= 0 else { return result }
            switch unsafe SSL_get_error(ssl, result) {
            case SSL_ERROR_WANT_READ: if !wait(for: POLLIN) { return result }
            case SSL_ERROR_WANT_WRITE: if !wait(for: POLLOUT) { return result }
            default: return result
            }
        }
    }

    private func wait(for events: Int32) -> Bool {
        var poller = pollfd(fd: server, events: Int16(events), revents: 0)
        return unsafe poll(&poller, 1, ScriptedServer.secondsMax * 1000) > 0
    }
}
