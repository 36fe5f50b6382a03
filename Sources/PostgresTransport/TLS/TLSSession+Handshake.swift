import COpenSSL

extension TLSSession {
    /// Goes on with the handshake; false where it needs more from the peer.
    func handshake() throws(TLSFailure) -> Bool {
        OpenSSLErrors.clear()
        let result = unsafe SSL_do_handshake(ssl)
        guard result == 1 else {
            guard unsafe SSL_get_error(ssl, result) == SSL_ERROR_WANT_READ else { throw takeFailure() }
            guard silentBytes <= Self.handshakeBytesMax else {
                throw TLSFailure(.handshake, "the TLS handshake failed: the server sends more than 256 KiB for it")
            }
            return false
        }
        isEstablished = true
        silentBytes = 0
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
