import COpenSSL
import Glibc
import PostgresTransport

/// The server's end of TLS over one accepted socket. Calls do not block; between them it waits with a limit.
@safe
final class ScriptedTLS {
    typealias Mismatch = ScriptedServer.Mismatch

    private let socket: ScriptedSocket
    private let options: ScriptedServer.Options
    private let context: OpaquePointer
    private let ssl: OpaquePointer
    /// How often the client has changed its keys.
    private(set) var keyUpdates = 0
    /// The name that the client asked for (SNI), once hands are shaken.
    private(set) var serverName: String?
    /// Whether the client has said good-bye.
    private(set) var hasReadGoodbye = false
    /// Application protocols as TLS writes them; OpenSSL keeps pointers to these bytes.
    private let protocols: UnsafeMutableBufferPointer<UInt8>

    init(_ socket: ScriptedSocket, _ options: ScriptedServer.Options) throws(Mismatch) {
        self.socket = socket
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
        unsafe SSL_set_fd(ssl, socket.descriptor)
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
        _ context: OpaquePointer, _ options: ScriptedServer.Options, _ certificates: TestCertificates
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
            unsafe ScriptedTLS.of(session)?.keyUpdates += 1
        }
        guard unsafe protocols.count > 0 else { return }
        unsafe SSL_CTX_set_alpn_select_cb(
            context,
            { session, chosen, chosenCount, offered, offeredCount, _ in
                guard let session = unsafe session, let connection = unsafe ScriptedTLS.of(session) else {
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
    private static func of(_ session: OpaquePointer) -> ScriptedTLS? {
        unsafe copenssl_private_pointer(session).map {
            unsafe Unmanaged<ScriptedTLS>.fromOpaque($0).takeUnretainedValue()
        }
    }

    /// Calls OpenSSL until it neither wants to read nor to write; returns what it returned last.
    private func repeating(_ call: () -> Int32) throws(Mismatch) -> Int32 {
        while true {
            ERR_clear_error()
            let result = call()
            guard result <= 0 else { return result }
            switch unsafe SSL_get_error(ssl, result) {
            case SSL_ERROR_WANT_READ: try socket.wait(for: POLLIN)
            case SSL_ERROR_WANT_WRITE: try socket.wait(for: POLLOUT)
            default: return result
            }
        }
    }

    private static func takeErrors() -> String {
        defer { ERR_clear_error() }
        return unsafe ERR_reason_error_string(ERR_peek_error()).map { unsafe String(cString: $0) } ?? "no reason"
    }
}

/// Shaking hands.
extension ScriptedTLS {
    func handshake() throws(Mismatch) {
        guard try repeating({ unsafe SSL_accept(ssl) }) == 1 else {
            throw Mismatch(description: "the handshake failed: \(Self.takeErrors())")
        }
        let name = unsafe SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name)
        serverName = unsafe name.map { unsafe String(cString: $0) }
    }

    /// Tries to, and finds that the client will not.
    func failHandshake() throws(Mismatch) {
        guard try repeating({ unsafe SSL_accept(ssl) }) != 1 else { throw Mismatch(description: "it did not fail") }
    }

    func tryHandshake() throws(Mismatch) { _ = try repeating { unsafe SSL_accept(ssl) } }

    /// Lets OpenSSL write into memory, so that half of it can be sent.
    func beginHandshake() throws(Mismatch) {
        let answer = unsafe BIO_new(BIO_s_mem())
        unsafe SSL_set0_wbio(ssl, answer)
        while unsafe copenssl_pending(answer!) == 0 {
            try socket.wait(for: POLLIN)
            unsafe SSL_accept(ssl)
        }
        var bytes = [UInt8](repeating: 0, count: unsafe copenssl_pending(answer!))
        unsafe BIO_read(answer, &bytes, Int32(bytes.count))
        guard try socket.send(bytes.prefix(bytes.count / 2)) else {
            throw Mismatch(description: "could not send plain bytes")
        }
    }

    /// Asks the client for another handshake (TLS 1.2).
    func renegotiate() throws(Mismatch) {
        unsafe SSL_renegotiate(ssl)
        guard try repeating({ unsafe SSL_do_handshake(ssl) }) == 1 else {
            throw Mismatch(description: "no request: \(Self.takeErrors())")
        }
    }

    func updateKeys() throws(Mismatch) {
        unsafe SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED)
        guard try repeating({ unsafe SSL_do_handshake(ssl) }) == 1 else { throw Mismatch(description: "no update") }
    }

    func floodKeyUpdates() throws(Mismatch) {
        repeat {
            unsafe SSL_key_update(ssl, SSL_KEY_UPDATE_NOT_REQUESTED)
        } while try repeating({ unsafe SSL_do_handshake(ssl) }) == 1
    }

    /// Reads until the client has changed its keys this often, and no plaintext.
    func expectKeyUpdates(_ count: Int) throws(Mismatch) {
        while keyUpdates < count {
            try socket.wait(for: POLLIN)
            var byte: UInt8 = 0
            guard unsafe SSL_read(ssl, &byte, 1) <= 0, unsafe SSL_get_error(ssl, -1) == SSL_ERROR_WANT_READ else {
                throw Mismatch(description: "plaintext or an end came before the change of keys")
            }
        }
    }
}

/// Bytes.
extension ScriptedTLS {
    /// Whether plaintext can be had without a read from the socket.
    var hasPendingInput: Bool { unsafe SSL_pending(ssl) > 0 }

    /// Receives some plaintext once there is any; none at the end, with or without a good-bye.
    func receive(atMost count: Int) throws(Mismatch) -> ArraySlice<UInt8> {
        var buffer = [UInt8](repeating: 0, count: count)
        let received = try repeating { unsafe SSL_read(ssl, &buffer, Int32(count)) }
        guard received <= 0 else { return buffer[..<Int(received)] }
        hasReadGoodbye = unsafe SSL_get_error(ssl, received) == SSL_ERROR_ZERO_RETURN
        return []
    }

    /// Receives what there is; nil where there is nothing yet, no byte at the end.
    func receiveAtOnce(atMost count: Int) -> ArraySlice<UInt8>? {
        ERR_clear_error()
        var buffer = [UInt8](repeating: 0, count: count)
        let received = unsafe SSL_read(ssl, &buffer, Int32(count))
        guard received <= 0 else { return buffer[..<Int(received)] }
        return unsafe SSL_get_error(ssl, received) == SSL_ERROR_WANT_READ ? nil : []
    }

    /// Sends everything; false where the client has closed.
    func send(_ bytes: [UInt8]) throws(Mismatch) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let pending = Array(rest)
            let count = try repeating { unsafe SSL_write(ssl, pending, Int32(pending.count)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(Int(count))
        }
        return true
    }

    func sayGoodbye() { unsafe SSL_shutdown(ssl) }
}
