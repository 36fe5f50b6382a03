import COpenSSL
import Glibc

// OpenSSL never touches the socket. Ciphertext that was received lies in `input`; a read-only memory BIO shows it to
// OpenSSL, which takes all of it in before it asks for more. What OpenSSL wants to send collects in a second memory BIO.
// Reading in big pieces costs less than letting OpenSSL read record by record, and a BIO laid over the received bytes
// costs one copy less than one that they are written to.

/// One TLS connection as seen by a client: plaintext on one side, ciphertext on the other. It does no I/O of its own.
@safe
final class TLSSession {
    /// The most plaintext that is encrypted at once, so that the ciphertext that waits for the kernel is bounded.
    static let encryptBytesMax = 16 << 10
    /// The most ciphertext that is received at once.
    static let inputBytesMax = 128 << 10
    /// The most answers that are kept for a peer that asks for them and reads none; each has a few bytes.
    private static let outputBytesMax = 256 << 10
    /// The most ciphertext that is taken in without a byte of plaintext: no peer has that much to say about TLS.
    private static let silentBytesMax = 256 << 10

    private let context: TLSContext
    private let ssl: OpaquePointer
    /// What is to be sent. The session object owns it.
    private let output: OpaquePointer
    /// Where received ciphertext lies; nil while there is none. The BIO that shows it to OpenSSL has been read to its end
    /// whenever this is given up.
    private var input: UnsafeMutableRawPointer?
    private let notes = HandshakeNotes()
    /// Whether the handshake is over.
    private(set) var isEstablished = false
    /// The ciphertext received since the last byte of plaintext.
    private var silentBytes = 0
    /// What ended the session; every later read reports it again.
    private var failure: TransportError?

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

    private static func outOfMemory() -> TLSFailure {
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

// MARK: the handshake

extension TLSSession {
    /// Goes on with the handshake; false where it needs more from the peer.
    func handshake() throws(TLSFailure) -> Bool {
        OpenSSLErrors.clear()
        let result = unsafe SSL_do_handshake(ssl)
        guard result == 1 else {
            if unsafe SSL_get_error(ssl, result) == SSL_ERROR_WANT_READ { return false }
            throw takeFailure()
        }
        isEstablished = true
        return true
    }

    /// Looks at what the peer has shown in the handshake, and gives up what was needed for it alone.
    func verify() throws(TLSFailure) -> TLSInformation {
        let settings = context.settings
        guard let certificate = unsafe PeerCertificate(ofSession: ssl) else {
            throw TLSFailure(.handshake, "the server showed no certificate")
        }
        if settings.verification == .chainAndHost {
            try certificate.names().verify(host: settings.referenceHost ?? "")
        }
        let applicationProtocol = applicationProtocol
        if let chosen = applicationProtocol, !settings.applicationProtocols.contains(chosen) {
            throw TLSFailure(
                .handshake,
                "the server chose an application protocol that was not offered: "
                    + "\"\(PeerText.printable(chosen.utf8))\"")
        }
        let isSent = unsafe notes.isCertificateRequested && SSL_get_certificate(ssl) != nil
        if settings.certificateMode == .require, !isSent {
            throw TLSFailure(.handshake, "the server did not request a TLS certificate")
        }
        context.forgetRoots()
        return TLSInformation(
            version: unsafe String(cString: SSL_get_version(ssl)),
            cipher: unsafe SSL_CIPHER_get_name(SSL_get_current_cipher(ssl)).map { unsafe String(cString: $0) } ?? "",
            applicationProtocol: applicationProtocol, verification: settings.verification,
            isCertificateRequested: notes.isCertificateRequested, isCertificateSent: isSent)
    }

    private var applicationProtocol: String? {
        var (name, count) = unsafe (nil as UnsafePointer<UInt8>?, 0 as UInt32)
        unsafe SSL_get0_alpn_selected(ssl, &name, &count)
        guard let name = unsafe name, count > 0 else { return nil }
        return unsafe String(decoding: UnsafeBufferPointer(start: name, count: Int(count)), as: UTF8.self)
    }

    /// The binding data `tls-server-end-point` of the peer's certificate.
    var endPointBinding: [UInt8]? { unsafe PeerCertificate(ofSession: ssl)?.endPointBinding() }
}

// MARK: ciphertext in

extension TLSSession {
    /// Whether there are bytes here that the peer has sent and nobody has read.
    var holdsInput: Bool { unsafe copenssl_pending(SSL_get_rbio(ssl)) > 0 || SSL_pending(ssl) > 0 }

    /// Lets `receive` fill the buffer for ciphertext, which must have been taken in whole; returns how much came, zero
    /// where nothing is there at present.
    func receive(
        _ receive: (UnsafeMutableRawBufferPointer) throws(TransportError) -> Int
    ) throws(TransportError) -> Int {
        guard outputBytes <= Self.outputBytesMax else {
            throw .tls(TLSFailure(.handshake, "the TLS connection broke: the server does not take our answers"))
        }
        let buffer = unsafe input ?? .allocate(byteCount: Self.inputBytesMax, alignment: 16)
        unsafe input = buffer
        let count = try unsafe receive(UnsafeMutableRawBufferPointer(start: buffer, count: Self.inputBytesMax))
        guard count > 0 else {
            releaseInput()
            return 0
        }
        guard let reader = unsafe copenssl_reader(buffer, Int32(count)) else { throw .tls(Self.outOfMemory()) }
        unsafe SSL_set0_rbio(ssl, reader)
        silentBytes += count
        return count
    }

    /// Gives the buffer back while the connection waits. The BIO over it is at its end and reads no more of it, unless
    /// the session broke before.
    private func releaseInput() {
        guard unsafe copenssl_pending(SSL_get_rbio(ssl)) == 0 else { return }
        unsafe input?.deallocate()
        unsafe input = nil
    }

    /// Decrypts into `buffer` until that is full or the ciphertext is used up, and returns how much it wrote.
    ///
    /// What ended the session is thrown once the plaintext before it has been returned: after its good-bye the peer has
    /// closed, everything else is a failure.
    func decrypt(into buffer: UnsafeMutableRawBufferPointer) throws(TransportError) -> Int {
        if let failure { throw failure }
        OpenSSLErrors.clear()
        var filled = 0
        while filled < buffer.count {
            var count = 0
            guard unsafe SSL_read_ex(ssl, buffer.baseAddress! + filled, buffer.count - filled, &count) == 1 else {
                noteEnd(of: unsafe SSL_get_error(ssl, 0))
                break
            }
            filled += count
        }
        answerChangeOfKeys()
        if filled > 0 {
            silentBytes = 0
        } else {
            if silentBytes > Self.silentBytesMax {
                fail(.tls(TLSFailure(.handshake, "the TLS connection broke: the server sends no data")))
            }
            if let failure { throw failure }
        }
        return filled
    }

    /// Puts the answer that a peer's change of keys may ask for into the output. OpenSSL itself would wait for the next
    /// plaintext to be written, which somebody who only reads does not have.
    private func answerChangeOfKeys() {
        guard unsafe SSL_get_key_update_type(ssl) != SSL_KEY_UPDATE_NONE else { return }
        unsafe SSL_key_update(ssl, SSL_KEY_UPDATE_NOT_REQUESTED)
        unsafe SSL_do_handshake(ssl)
        OpenSSLErrors.clear()
    }

    private func noteEnd(of error: Int32) {
        switch error {
        case SSL_ERROR_WANT_READ: break
        case SSL_ERROR_ZERO_RETURN: failure = .closedByPeer
        default: failure = .tls(takeFailure())
        }
    }

    /// Has later reads report what ended the stream, the first reason given.
    func fail(_ error: TransportError) {
        if failure == nil { failure = error }
    }
}

// MARK: ciphertext out

extension TLSSession {
    /// How much ciphertext has not been sent.
    var outputBytes: Int { unsafe copenssl_pending(output) }

    /// Encrypts the front of `bytes` and returns how much it took: zero while the peer's part of a change of keys is
    /// outstanding.
    func encrypt(_ bytes: UnsafeRawBufferPointer) throws(TransportError) -> Int {
        if let failure, failure != .closedByPeer { throw failure }
        OpenSSLErrors.clear()
        var count = 0
        let wanted = min(bytes.count, Self.encryptBytesMax)
        guard wanted > 0 else { return 0 }
        if unsafe SSL_write_ex(ssl, bytes.baseAddress, wanted, &count) == 1 { return count }
        switch unsafe SSL_get_error(ssl, 0) {
        case SSL_ERROR_WANT_READ: return 0
        default: throw .tls(takeFailure())
        }
    }

    /// Hands the ciphertext to `send`, which returns how much it took, until all of it is gone or none is taken.
    func sendOutput(_ send: (UnsafeRawBufferPointer) throws(TransportError) -> Int) throws(TransportError) {
        while outputBytes > 0 {
            let all = outputBytes
            let count = try unsafe send(UnsafeRawBufferPointer(start: copenssl_pending_bytes(output), count: all))
            guard count > 0 else { return }
            discardOutput(count, of: all)
        }
    }

    private func discardOutput(_ count: Int, of all: Int) {
        guard count < all else {
            unsafe copenssl_reset(output)
            return
        }
        // A memory BIO forgets only what is read from it.
        var (scratch, left) = ([UInt8](repeating: 0, count: min(count, 4 << 10)), count)
        while left > 0 {
            let read = unsafe BIO_read(output, &scratch, Int32(min(left, scratch.count)))
            guard read > 0 else { return }
            left -= Int(read)
        }
    }

    /// Adds the good-bye to the output, if there is a session to end.
    func close() {
        guard isEstablished, failure == nil || failure == .closedByPeer else { return }
        OpenSSLErrors.clear()
        unsafe SSL_shutdown(ssl)
        OpenSSLErrors.clear()
    }
}

// MARK: failures

extension TLSSession {
    /// Makes a failure of the thread's OpenSSL errors, and empties their queue.
    private func takeFailure() -> TLSFailure {
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

/// What callbacks of OpenSSL note down. The session keeps it for as long as OpenSSL may call.
private final class HandshakeNotes {
    var isCertificateRequested = false
    var keyLog: Int32 = -1

    /// The object behind the pointer that OpenSSL was given.
    @unsafe
    static func at(_ pointer: UnsafeMutableRawPointer?) -> HandshakeNotes? {
        unsafe pointer.map { unsafe Unmanaged<HandshakeNotes>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Appends one line to the key log. A log that cannot be written stops no connection.
    @unsafe
    func log(_ line: UnsafePointer<CChar>) {
        let bytes = unsafe Array(UnsafeBufferPointer(start: line, count: strlen(line))).map { UInt8(bitPattern: $0) }
        _ = unsafe write(keyLog, bytes + [UInt8(ascii: "\n")], bytes.count + 1)
    }
}
