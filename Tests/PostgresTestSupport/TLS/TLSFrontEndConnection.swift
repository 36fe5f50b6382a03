import COpenSSL
import Glibc
import PostgresTransport

/// One accepted connection of a TLS front end. Calls do not block; between them it waits with a limit.
@safe
final class TLSFrontEndConnection {
    typealias Mismatch = ScriptedServer.Mismatch

    private let descriptor: Int32
    private let options: TLSFrontEnd.Options
    private let context: OpaquePointer
    private let ssl: OpaquePointer
    private(set) var transcript = TLSFrontEnd.Transcript()
    /// Whether the client came in the clear and was let in, which the script says nothing of.
    private var isOver = false
    /// Application protocols as TLS writes them; OpenSSL keeps pointers to these bytes.
    private let protocols: UnsafeMutableBufferPointer<UInt8>

    init(_ descriptor: Int32, _ options: TLSFrontEnd.Options) throws(Mismatch) {
        self.descriptor = descriptor
        self.options = options
        var list: [UInt8] = []
        for name in options.forcedProtocol.map({ [$0] }) ?? options.applicationProtocols {
            list += [UInt8(name.utf8.count)] + name.utf8
        }
        unsafe protocols = .allocate(capacity: list.count)
        _ = unsafe protocols.initialize(from: list)
        guard let context = unsafe SSL_CTX_new(TLS_server_method()) else {
            throw Mismatch(description: "no context: \(Self.takeErrors())")
        }
        unsafe self.context = context
        let certificates: TestCertificates
        do { certificates = try .shared } catch { throw Mismatch(description: "\(error)") }
        let isReady = unsafe Self.configure(context, options, certificates)
        guard isReady, let ssl = unsafe SSL_new(context) else {
            throw Mismatch(description: "no session: \(Self.takeErrors())")
        }
        unsafe self.ssl = ssl
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        var one: Int32 = 1
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        unsafe SSL_set_fd(ssl, descriptor)
        unsafe SSL_set_accept_state(ssl)
        setCallbacks()
    }

    deinit {
        unsafe SSL_free(ssl)
        unsafe SSL_CTX_free(context)
        unsafe protocols.deallocate()
    }

    @unsafe
    private static func configure(
        _ context: OpaquePointer, _ options: TLSFrontEnd.Options, _ certificates: TestCertificates
    ) -> Bool {
        let name = options.certificate.rawValue
        // Some certificates are weak on purpose.
        unsafe SSL_CTX_set_security_level(context, 0)
        unsafe copenssl_set_mode(context, Int(SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_ENABLE_PARTIAL_WRITE))
        if options.clientCertificate != .ignored {
            let insists = options.clientCertificate == .required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0
            unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER | insists, nil)
            unsafe SSL_CTX_load_verify_locations(context, certificates.path("root.crt"), nil)
        }
        return unsafe copenssl_set_minimum_version(context, options.versions.lowerBound.rawValue) == 1
            && copenssl_set_maximum_version(context, options.versions.upperBound.rawValue) == 1
            && SSL_CTX_use_certificate_chain_file(context, certificates.path("\(name).chain.crt")) == 1
            && SSL_CTX_use_PrivateKey_file(context, certificates.path("\(name).key"), SSL_FILETYPE_PEM) == 1
    }

    private func setCallbacks() {
        unsafe copenssl_set_private_pointer(ssl, Unmanaged.passUnretained(self).toOpaque())
        unsafe SSL_set_msg_callback(ssl) { isWritten, _, type, bytes, count, session, _ in
            // A handshake message (22) of type key_update (24).
            guard isWritten == 0, type == 22, count > 0, let bytes = unsafe bytes, let session = unsafe session else {
                return
            }
            guard unsafe bytes.load(as: UInt8.self) == 24 else { return }
            unsafe TLSFrontEndConnection.of(session)?.transcript.keyUpdates += 1
        }
        guard unsafe protocols.count > 0 else { return }
        unsafe SSL_CTX_set_alpn_select_cb(
            context,
            { session, chosen, chosenCount, offered, offeredCount, _ in
                guard let session = unsafe session, let connection = unsafe TLSFrontEndConnection.of(session) else {
                    return SSL_TLSEXT_ERR_ALERT_FATAL
                }
                let own = unsafe connection.protocols
                if connection.options.forcedProtocol != nil {
                    unsafe chosen?.pointee = UnsafePointer(own.baseAddress! + 1)
                    unsafe chosenCount?.pointee = own[0]
                    return SSL_TLSEXT_ERR_OK
                }
                var found: UnsafeMutablePointer<UInt8>?
                let result = unsafe SSL_select_next_proto(
                    &found, chosenCount, own.baseAddress, UInt32(own.count), offered, offeredCount)
                unsafe chosen?.pointee = UnsafePointer(found)
                return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL
            }, nil)
    }

    @unsafe
    private static func of(_ session: OpaquePointer) -> TLSFrontEndConnection? {
        unsafe copenssl_private_pointer(session).map {
            unsafe Unmanaged<TLSFrontEndConnection>.fromOpaque($0).takeUnretainedValue()
        }
    }

    func play(_ step: TLSFrontEnd.Step) throws(Mismatch) {
        guard !isOver else { return }
        switch step {
        case .answerSSLRequest(let answer):
            let head = try receivePlain(8)
            guard head == [0, 0, 0, 8, 4, 210, 22, 47] else {
                guard options.welcomesClear else { throw Mismatch(description: "no SSLRequest") }
                return try welcome(head)
            }
            try sendPlain(answer)
        case .sendPlain(let bytes): try sendPlain(bytes)
        case .handshake: try handshake()
        case .failHandshake:
            guard try repeating({ unsafe SSL_accept(ssl) }) != 1 else { throw Mismatch(description: "it did not fail") }
        case .tryHandshake: _ = try repeating { unsafe SSL_accept(ssl) }
        case .beginHandshake: try beginHandshake()
        case .expect(let bytes): try expect(bytes)
        case .send(let bytes):
            guard try sendSome(bytes) else { throw Mismatch(description: "could not send: \(Self.takeErrors())") }
        case .flood(let bytes): while try sendSome(bytes) {}
        case .updateKeys:
            unsafe SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED)
            guard try repeating({ unsafe SSL_do_handshake(ssl) }) == 1 else { throw Mismatch(description: "no update") }
        case .floodKeyUpdates:
            repeat {
                unsafe SSL_key_update(ssl, SSL_KEY_UPDATE_NOT_REQUESTED)
            } while try repeating({ unsafe SSL_do_handshake(ssl) }) == 1
        case .expectKeyUpdates(let count): try expectKeyUpdates(count)
        case .renegotiate:
            unsafe SSL_renegotiate(ssl)
            guard try repeating({ unsafe SSL_do_handshake(ssl) }) == 1 else {
                throw Mismatch(description: "no request: \(Self.takeErrors())")
            }
        case .relay(let port): try relay(to: port)
        case .expectEnd:
            guard try readToEnd() == SSL_ERROR_ZERO_RETURN else { throw Mismatch(description: "no good-bye") }
            transcript.hasEndedInOrder = true
        case .expectAnyEnd: transcript.hasEndedInOrder = try readToEnd() == SSL_ERROR_ZERO_RETURN
        case .reach(let gate): gate.open()
        case .hold(let gate):
            guard gate.waitBlocking(secondsMax: ScriptedServer.secondsMax) else { throw Self.tooLong }
        case .close: unsafe SSL_shutdown(ssl)
        case .cut: shutdown(descriptor, Int32(SHUT_RDWR))
        }
    }

    // MARK: plain

    private func receivePlain(_ count: Int) throws(Mismatch) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            try wait(for: POLLIN)
            var buffer = [UInt8](repeating: 0, count: count - bytes.count)
            let received = unsafe recv(descriptor, &buffer, buffer.count, 0)
            guard received > 0 else { throw Mismatch(description: "the client closed the connection") }
            bytes += buffer[..<received]
        }
        return bytes
    }

    /// Lets a client in whose StartupMessage begins with these bytes, and waits until it leaves.
    private func welcome(_ head: [UInt8]) throws(Mismatch) {
        isOver = true
        transcript.isClear = true
        _ = try receivePlain(head.prefix(4).reduce(0) { $0 << 8 | Int($1) } - head.count)
        try sendPlain(BackendBytes.welcome)
        var byte: UInt8 = 0
        repeat { try wait(for: POLLIN) } while unsafe recv(descriptor, &byte, 1, 0) > 0
    }

    private func sendPlain(_ bytes: [UInt8]) throws(Mismatch) {
        guard unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw Mismatch(description: "could not send plain bytes")
        }
    }

    private func wait(for events: Int32) throws(Mismatch) {
        var poller = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        guard unsafe poll(&poller, 1, ScriptedServer.secondsMax * 1000) > 0 else { throw Self.tooLong }
    }

    // MARK: TLS

    /// Calls OpenSSL until it neither wants to read nor to write; returns what it returned last.
    private func repeating(_ call: () -> Int32) throws(Mismatch) -> Int32 {
        while true {
            ERR_clear_error()
            let result = call()
            guard result <= 0 else { return result }
            switch unsafe SSL_get_error(ssl, result) {
            case SSL_ERROR_WANT_READ: try wait(for: POLLIN)
            case SSL_ERROR_WANT_WRITE: try wait(for: POLLOUT)
            default: return result
            }
        }
    }

    private func handshake() throws(Mismatch) {
        guard try repeating({ unsafe SSL_accept(ssl) }) == 1 else {
            throw Mismatch(description: "the handshake failed: \(Self.takeErrors())")
        }
        let name = unsafe SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name)
        transcript.serverName = unsafe name.map { unsafe String(cString: $0) }
    }

    /// Lets OpenSSL write into memory, so that half of it can be sent.
    private func beginHandshake() throws(Mismatch) {
        let answer = unsafe BIO_new(BIO_s_mem())
        unsafe SSL_set0_wbio(ssl, answer)
        while unsafe copenssl_pending(answer!) == 0 {
            try wait(for: POLLIN)
            unsafe SSL_accept(ssl)
        }
        var bytes = [UInt8](repeating: 0, count: unsafe copenssl_pending(answer!))
        unsafe BIO_read(answer, &bytes, Int32(bytes.count))
        try sendPlain(Array(bytes.prefix(bytes.count / 2)))
    }

    private func expect(_ bytes: [UInt8]) throws(Mismatch) {
        var received: [UInt8] = []
        while received.count < bytes.count {
            var buffer = [UInt8](repeating: 0, count: bytes.count - received.count)
            let count = try repeating { unsafe SSL_read(ssl, &buffer, Int32(buffer.count)) }
            guard count > 0 else { throw Mismatch(description: "the client ended: \(Self.takeErrors())") }
            received += buffer[..<Int(count)]
            note(buffer[..<Int(count)])
        }
        guard received == bytes else { throw Mismatch(description: "other bytes came") }
    }

    /// False where the client has closed.
    private func sendSome(_ bytes: [UInt8]) throws(Mismatch) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let pending = Array(rest)
            let count = try repeating { unsafe SSL_write(ssl, pending, Int32(pending.count)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(Int(count))
        }
        return true
    }

    private func expectKeyUpdates(_ count: Int) throws(Mismatch) {
        while transcript.keyUpdates < count {
            try wait(for: POLLIN)
            var byte: UInt8 = 0
            guard unsafe SSL_read(ssl, &byte, 1) <= 0, unsafe SSL_get_error(ssl, -1) == SSL_ERROR_WANT_READ else {
                throw Mismatch(description: "plaintext or an end came before the change of keys")
            }
        }
    }

    /// Reads to the end and returns how OpenSSL calls it.
    private func readToEnd() throws(Mismatch) -> Int32 {
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = try repeating { unsafe SSL_read(ssl, &buffer, Int32(buffer.count)) }
            if count <= 0 { return unsafe SSL_get_error(ssl, count) }
            note(buffer[..<Int(count)])
        }
    }

    private func note(_ bytes: ArraySlice<UInt8>) {
        transcript.plaintext += bytes.prefix(max(0, Self.plaintextBytesMax - transcript.plaintext.count))
    }

    private static let plaintextBytesMax = 64 << 10

    private func relay(to port: UInt16) throws(Mismatch) {
        let server = TestListener.connect(to: port)
        defer { Glibc.close(server) }
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        var bytesUntilUpdate = options.bytesBetweenKeyUpdates ?? .max
        while true {
            var pollers = [
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: server, events: Int16(POLLIN), revents: 0),
            ]
            if unsafe SSL_pending(ssl) == 0, unsafe poll(&pollers, 2, ScriptedServer.secondsMax * 1000) <= 0 {
                throw Self.tooLong
            }
            let count = unsafe SSL_read(ssl, &buffer, Int32(buffer.count))
            if count > 0 {
                note(buffer[..<Int(count)])
                guard Self.sendAll(buffer[..<Int(count)], to: server) else { return }
            } else if unsafe SSL_get_error(ssl, count) != SSL_ERROR_WANT_READ {
                return
            }
            let answer = unsafe recv(server, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if answer > 0 {
                guard try sendSome(Array(buffer[..<answer])) else { return }
                bytesUntilUpdate -= answer
                if bytesUntilUpdate <= 0 {
                    try play(.updateKeys)
                    bytesUntilUpdate = options.bytesBetweenKeyUpdates ?? .max
                }
            } else if answer == 0 || errno != EAGAIN {
                unsafe SSL_shutdown(ssl)
                return
            }
        }
    }

    private static func sendAll(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            var poller = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard unsafe poll(&poller, 1, ScriptedServer.secondsMax * 1000) > 0 else { return false }
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private static func takeErrors() -> String {
        defer { ERR_clear_error() }
        return unsafe ERR_reason_error_string(ERR_peek_error()).map { unsafe String(cString: $0) } ?? "no reason"
    }

    private static var tooLong: Mismatch { Mismatch(description: "took more than \(ScriptedServer.secondsMax) s") }
}
