import COpenSSL
import Glibc

/// One of the two sockets of a relayed connection, in the clear or with TLS that ends here. Calls do not block; only
/// the handshake does, with a limit.
@safe
final class FaultEnd {
    /// What there is to read.
    enum Input { case bytes([UInt8]), later, end }

    /// Which side of TLS this end is.
    enum Role { case client, server }

    private static let request: [UInt8] = [0, 0, 0, 8, 4, 210, 22, 47]

    let descriptor: Int32
    private let role: Role?
    private var context: OpaquePointer?
    private var ssl: OpaquePointer?

    init(_ descriptor: Int32, _ role: Role?) {
        self.descriptor = descriptor
        self.role = role
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        var one: Int32 = 1
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit {
        unsafe SSL_free(ssl)
        unsafe SSL_CTX_free(context)
    }

    /// Begins TLS where this end has a part in it; false where the peer will not.
    func begin() -> Bool {
        guard let role else { return true }
        // OpenSSL writes to sockets that the peer may have closed.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe sigaddset(&signals, SIGPIPE)
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        guard agree(role) else { return false }
        unsafe context = SSL_CTX_new(role == .client ? TLS_client_method() : TLS_server_method())
        guard let context = unsafe context else { return false }
        unsafe copenssl_set_mode(context, Int(SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_ENABLE_PARTIAL_WRITE))
        if role == .server {
            guard let certificates = try? TestCertificates.shared,
                unsafe SSL_CTX_use_certificate_chain_file(context, certificates.path("good.chain.crt")) == 1,
                unsafe SSL_CTX_use_PrivateKey_file(context, certificates.path("good.key"), SSL_FILETYPE_PEM) == 1
            else { return false }
        }
        unsafe ssl = SSL_new(context)
        unsafe SSL_set_fd(ssl, descriptor)
        return repeating { unsafe role == .client ? SSL_connect(ssl) : SSL_accept(ssl) } == 1
    }

    /// Asks the server for TLS, or reads that the client asks.
    private func agree(_ role: Role) -> Bool {
        let yes = UInt8(ascii: "S")
        if role == .client {
            guard wait(for: POLLOUT),
                unsafe send(descriptor, Self.request, Self.request.count, Int32(MSG_NOSIGNAL)) == 8
            else { return false }
            return receive(1) == [yes]
        }
        guard receive(8) == Self.request else { return false }
        return unsafe send(descriptor, [yes], 1, Int32(MSG_NOSIGNAL)) == 1
    }

    private func receive(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count < count, wait(for: POLLIN), unsafe recv(descriptor, &byte, 1, 0) == 1 { bytes.append(byte) }
        return bytes
    }

    /// Whether there is plaintext that the kernel knows nothing of.
    var hasMore: Bool { unsafe ssl.map { unsafe SSL_pending($0) > 0 } ?? false }

    func read(max: Int) -> Input {
        var buffer = [UInt8](repeating: 0, count: max)
        if let ssl = unsafe ssl {
            ERR_clear_error()
            let count = unsafe SSL_read(ssl, &buffer, Int32(max))
            if count > 0 { return .bytes(Array(buffer[..<Int(count)])) }
            return unsafe isWaiting(count) ? .later : .end
        }
        let count = unsafe recv(descriptor, &buffer, max, Int32(MSG_DONTWAIT))
        if count > 0 { return .bytes(Array(buffer[..<count])) }
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? .later : .end
    }

    /// The number of bytes that the peer's way takes at present; nil where it takes nothing more.
    func write(_ bytes: [UInt8]) -> Int? {
        if let ssl = unsafe ssl {
            ERR_clear_error()
            let count = unsafe SSL_write(ssl, bytes, Int32(bytes.count))
            return count > 0 ? Int(count) : unsafe isWaiting(count) ? 0 : nil
        }
        let count = unsafe send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
        return count >= 0 ? count : errno == EAGAIN || errno == EINTR ? 0 : nil
    }

    /// Sends a FIN and throws away what still comes, until the peer has closed too or it is over.
    func sayFarewell(until isOver: () -> Bool) {
        shutdown(descriptor, Int32(SHUT_WR))
        var buffer = [UInt8](repeating: 0, count: 4096)
        var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while !isOver() {
            guard unsafe poll(&poller, 1, FaultRelay.tickMilliseconds) > 0 else { continue }
            guard unsafe recv(descriptor, &buffer, buffer.count, 0) > 0 else { return }
        }
    }

    func close(isReset: Bool) {
        var linger = linger(l_onoff: isReset ? 1 : 0, l_linger: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
        Glibc.close(descriptor)
    }

    @unsafe
    private func isWaiting(_ result: Int32) -> Bool {
        let error = unsafe SSL_get_error(ssl, result)
        return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE
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
        var poller = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        return unsafe poll(&poller, 1, ScriptedServer.secondsMax * 1000) > 0
    }
}
