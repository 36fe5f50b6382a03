import COpenSSL
import Glibc

extension TLSContext {
    /// Loads the certificates that are trusted to issue others.
    func loadRoots() throws(TLSFailure) {
        guard settings.verification != .none else { return }
        switch settings.roots {
        case .none: break
        case .system:
            guard unsafe SSL_CTX_set_default_verify_paths(pointer) == 1 else {
                throw TLSFailure(
                    .settings, "could not load the system's root certificates: \(OpenSSLErrors.takeReason())")
            }
        case .file(let path):
            let file = try TLSFile(path, "root certificate file")
            try file.requirePresence()
            guard unsafe SSL_CTX_load_verify_locations(pointer, file.path, nil) == 1 else {
                throw file.failure("read", OpenSSLErrors.takeReason())
            }
        }
        // Files that the system's paths name and that are not there leave errors behind.
        OpenSSLErrors.clear()
    }

    /// Loads the revocation lists, and has every certificate of a chain looked up in them.
    func loadRevocationLists() throws(TLSFailure) {
        guard settings.verification != .none, let store = unsafe SSL_CTX_get_cert_store(pointer) else { return }
        let file = try settings.revocationFile.map { path throws(TLSFailure) in
            try TLSFile(path, "certificate revocation list file")
        }
        let directory = try settings.revocationDirectory.map { path throws(TLSFailure) in
            try TLSFile(path, "certificate revocation list directory")
        }
        guard file != nil || directory != nil else { return }
        if let file {
            try file.requirePresence()
            guard unsafe X509_STORE_load_locations(store, file.path, nil) == 1 else {
                throw file.failure("read", OpenSSLErrors.takeReason())
            }
        }
        if let directory {
            try directory.requirePresence()
            guard unsafe X509_STORE_load_locations(store, nil, directory.path) == 1 else {
                throw directory.failure("read", OpenSSLErrors.takeReason())
            }
        }
        unsafe X509_STORE_set_flags(store, UInt(X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL))
    }

    /// Loads the client's certificate and the key that belongs to it.
    func loadClientCertificate() throws(TLSFailure) {
        guard settings.certificateMode != .disable, let certificate = settings.clientCertificate else { return }
        let file = try TLSFile(certificate.certificateFile, "certificate file")
        try file.requirePresence()
        // OpenSSL would ask the terminal for the passphrase of an encrypted file.
        unsafe SSL_CTX_set_default_passwd_cb(pointer) { _, _, _, _ in -1 }
        guard unsafe SSL_CTX_use_certificate_chain_file(pointer, file.path) == 1 else {
            throw file.failure("read", OpenSSLErrors.takeReason())
        }
        let keyFile = try TLSFile(certificate.keyFile, "private key file")
        let key = try PrivateKey(keyFile, passphrase: certificate.passphrase)
        guard unsafe SSL_CTX_use_PrivateKey(pointer, key.pointer) == 1 else {
            // With the certificate in place OpenSSL compares the two here.
            throw TLSFailure(
                .settings,
                "\(keyFile.failure("does not belong to the certificate").description): \(OpenSSLErrors.takeReason())")
        }
    }
}
