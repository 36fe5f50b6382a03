import COpenSSL

// OpenSSL never touches the socket. Ciphertext that was received lies in `input`; a read-only memory BIO shows it to
// OpenSSL, which takes all of it in before it asks for more. What OpenSSL wants to send collects in a second memory BIO.
// Reading in big pieces costs less than letting OpenSSL read record by record, and a BIO laid over the received bytes
// costs one copy less than one that they are written to.

/// One TLS connection as seen by a client: plaintext on one side, ciphertext on the other. It does no I/O of its own.
@safe
final class TLSSession {
    /// The most plaintext that is encrypted at once, so that the ciphertext that waits for the kernel is bounded.
    static let encryptBytesMax = 16 << 10
    /// The most ciphertext that is received at once, while a stream fills what it is offered.
    static let inputBytesMax = 128 << 10
    /// What is offered to a connection that says little: room for the longest record there is.
    static let inputBytesMin = 5 + (16 << 10) + 256
    /// The most answers that are kept for a peer that asks for them and reads none; each has a few bytes.
    static let outputBytesMax = 256 << 10
    /// The most ciphertext that is taken in without a byte of plaintext: no peer has that much to say about TLS.
    static let silentBytesMax = 256 << 10
    /// The most ciphertext that a handshake takes: certificates have some KiB, and OpenSSL refuses chains beyond 100 KiB.
    static let handshakeBytesMax = 256 << 10

    let context: TLSContext
    let ssl: OpaquePointer
    /// What is to be sent. The session object owns it.
    let output: OpaquePointer
    /// Where received ciphertext lies; nil while there is none. The BIO that shows it to OpenSSL has been read to its end
    /// whenever this is given up.
    var input: UnsafeMutableRawBufferPointer?
    /// The bytes of the next buffer for ciphertext: few at first, and as many as may be once those were filled.
    var inputBytes = inputBytesMin
    /// Whether the last ciphertext filled the buffer, so that more may be there.
    var isInputFull = false
    let notes = HandshakeNotes()
    /// Whether the handshake is over.
    var isEstablished = false
    /// The ciphertext received since the last byte of plaintext.
    var silentBytes = 0
    /// What ended the session; every later read reports it again.
    var failure: TransportError?

    init(_ context: TLSContext) throws(TLSFailure) {
        OpenSSLErrors.clear()
        guard let ssl = unsafe SSL_new(context.pointer) else { throw Self.outOfMemory() }
        guard let output = unsafe BIO_new(BIO_s_mem()), let noInput = unsafe BIO_new(BIO_s_mem()) else {
            unsafe SSL_free(ssl)
            throw Self.outOfMemory()
        }
        unsafe SSL_set_bio(ssl, noInput, output)
        unsafe SSL_set_connect_state(ssl)
        self.context = context
        unsafe self.ssl = ssl
        unsafe self.output = output
        notes.keyLog = context.keyLog
        setCallbacks()
        try setNames(context.settings)
    }

    deinit {
        unsafe SSL_free(ssl)
        unsafe input?.deallocate()
        OpenSSLErrors.clear()
    }

    static func outOfMemory() -> TLSFailure {
        TLSFailure(.settings, "could not create a TLS session: \(OpenSSLErrors.takeReason())")
    }

    private func setCallbacks() {
        let pointer = unsafe Unmanaged.passUnretained(notes).toOpaque()
        unsafe copenssl_set_private_pointer(ssl, pointer)
        unsafe SSL_set_cert_cb(
            ssl,
            { _, notes in
                unsafe HandshakeNotes.at(notes)?.isCertificateRequested = true
                return 1
            }, pointer)
        guard context.keyLog >= 0 else { return }
        unsafe SSL_CTX_set_keylog_callback(context.pointer) { session, line in
            guard let session = unsafe session, let line = unsafe line else { return }
            unsafe HandshakeNotes.at(copenssl_private_pointer(session))?.log(line)
        }
    }

    private func setNames(_ settings: TLSSettings) throws(TLSFailure) {
        if let name = settings.serverName, unsafe copenssl_set_server_name(ssl, name) != 1 {
            throw TLSFailure(.settings, "could not set the server's name for TLS: \(OpenSSLErrors.takeReason())")
        }
        guard !settings.applicationProtocols.isEmpty else { return }
        var list: [UInt8] = []
        for name in settings.applicationProtocols {
            guard let count = UInt8(exactly: name.utf8.count), count > 0 else {
                throw TLSFailure(.settings, "the name of an application protocol has 1 to 255 bytes")
            }
            list += [count] + name.utf8
        }
        // Zero is success here.
        guard let count = UInt32(exactly: list.count), unsafe SSL_set_alpn_protos(ssl, list, count) == 0 else {
            throw TLSFailure(.settings, "could not set the application protocols: \(OpenSSLErrors.takeReason())")
        }
    }
}

extension TLSSession {
    /// Makes a failure of the thread's OpenSSL errors, and empties their queue.
    func takeFailure() -> TLSFailure {
        let entry = OpenSSLErrors.take()
        let verification = unsafe SSL_get_verify_result(ssl)
        if !isEstablished, entry?.code == SSL_R_CERTIFICATE_VERIFY_FAILED, verification != Int(X509_V_OK) {
            let reason = unsafe String(cString: X509_verify_cert_error_string(verification))
            return TLSFailure(.untrusted, "the server's certificate is not trusted: \(reason)")
        }
        if let alert = entry?.alert { return TLSFailure(.alert, "the server refused the TLS connection: \(alert)") }
        let stage = isEstablished ? "the TLS connection broke" : "the TLS handshake failed"
        return TLSFailure(.handshake, "\(stage): \(entry?.reason ?? "no reason given")")
    }
}
