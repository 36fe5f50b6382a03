import COpenSSL

/// The certificate that the peer of a session showed. The session keeps it.
@safe
struct PeerCertificate {
    private let certificate: OpaquePointer

    /// Nil before the peer has shown one. Unsafe in one respect: it must not be kept longer than the session.
    @unsafe
    init?(ofSession ssl: OpaquePointer) {
        guard let certificate = unsafe copenssl_peer_certificate(ssl) else { return nil }
        unsafe self.certificate = certificate
    }

    /// The names that the certificate is for.
    func names() throws(TLSFailure) -> CertificateNames {
        var isMalformed: Int32 = 0
        let list = unsafe copenssl_alternative_names(certificate, &isMalformed)
        defer {
            unsafe copenssl_free_names(list)
            OpenSSLErrors.clear()
        }
        guard isMalformed == 0 else {
            throw TLSFailure(.hostMismatch, "the names in the server's certificate cannot be read")
        }
        var names = CertificateNames(commonName: unsafe Self.bytes(copenssl_common_name(certificate)))
        guard let list = unsafe list else { return names }
        for index in 0..<(unsafe copenssl_name_count(list)) {
            if let name = unsafe Self.bytes(copenssl_name(list, index, GEN_DNS)) {
                names.alternativeNames.append(.dns(name))
            } else if let address = unsafe Self.bytes(copenssl_name(list, index, GEN_IPADD)) {
                names.alternativeNames.append(.address(address))
            }
        }
        return names
    }

    private static func bytes(_ text: UnsafePointer<ASN1_STRING>?) -> [UInt8]? {
        guard let text = unsafe text, let first = unsafe ASN1_STRING_get0_data(text) else { return nil }
        return unsafe [UInt8](UnsafeBufferPointer(start: first, count: Int(ASN1_STRING_length(text))))
    }

    /// The binding data `tls-server-end-point` (RFC 5929, section 4.1): the certificate's digest by the algorithm of
    /// its signature, or by SHA-256 where that is MD5 or SHA-1. Nil where the signature has no digest of its own.
    func endPointBinding() -> [UInt8]? {
        defer { OpenSSLErrors.clear() }
        var digest: Int32 = 0
        guard unsafe X509_get_signature_info(certificate, &digest, nil, nil, nil) == 1 else { return nil }
        if digest == NID_md5 || digest == NID_sha1 { digest = NID_sha256 }
        guard digest != NID_undef, let algorithm = unsafe EVP_get_digestbyname(OBJ_nid2sn(digest)) else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        guard unsafe X509_digest(certificate, algorithm, &bytes, &count) == 1 else { return nil }
        return Array(bytes.prefix(Int(count)))
    }
}
