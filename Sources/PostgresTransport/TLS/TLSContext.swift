import COpenSSL
import Glibc

/// An OpenSSL context made from settings: versions, trusted roots, revocation lists, the client's certificate and key.
///
/// It is made for one connection and given up once that connection's handshake is over, but for the descriptor of the
/// key log. Nothing changes it after it was made except that session; that is what the `@unchecked` stands for.
@safe
package final class TLSContext: @unchecked Sendable {
    /// What the context was made from.
    let settings: TLSSettings
    let pointer: OpaquePointer
    /// −1 where no key log is kept.
    let keyLog: Int32

    /// Makes a context. It reads the files that the settings name, so it may block; it does not ask a terminal.
    package init(_ settings: TLSSettings) throws(TLSFailure) {
        OpenSSLErrors.clear()
        guard let pointer = unsafe SSL_CTX_new(TLS_client_method()) else {
            throw TLSFailure(.settings, "could not create a TLS context: \(OpenSSLErrors.takeReason())")
        }
        self.settings = settings
        unsafe self.pointer = pointer
        do throws(TLSFailure) {
            try Self.check(settings)
            keyLog = try settings.keyLogFile.map(Self.openKeyLog) ?? -1
        } catch {
            unsafe SSL_CTX_free(pointer)
            throw error
        }
        // From here on deinit cleans up, also where one of these throws.
        try setVersions()
        setOptions()
        try loadRoots()
        try loadRevocationLists()
        try loadClientCertificate()
    }

    deinit {
        unsafe SSL_CTX_free(pointer)
        if keyLog >= 0 { close(keyLog) }
    }

    /// Frees the trusted certificates, which may be a megabyte, once no certificate will be looked at any more.
    func forgetRoots() {
        guard settings.verification != .none, let empty = unsafe X509_STORE_new() else { return }
        unsafe SSL_CTX_set_cert_store(pointer, empty)
    }

    private static func check(_ settings: TLSSettings) throws(TLSFailure) {
        if settings.verification != .none, settings.roots == .none {
            throw TLSFailure(.settings, "the server's certificate is to be verified, but no root certificate is given")
        }
        if settings.verification == .chainAndHost, settings.referenceHost == nil {
            throw TLSFailure(.settings, "a host name must be specified for a verified TLS connection")
        }
        if settings.hostName.utf8.contains(0) {
            throw TLSFailure(.settings, "the host name contains a NUL")
        }
        if settings.certificateMode == .require, settings.clientCertificate == nil {
            throw TLSFailure(.settings, "a client certificate is required, but none is given")
        }
    }

    /// The system's configuration of OpenSSL has set its limits already (`MinProtocol` and `MaxProtocol`). They hold where
    /// the settings name none, except that it may allow versions that are too old.
    private func setVersions() throws(TLSFailure) {
        let system = unsafe (copenssl_minimum_version(pointer), copenssl_maximum_version(pointer))
        let minimum = settings.minimumVersion?.rawValue ?? max(system.0, TLSVersion.tls12.rawValue)
        let maximum = settings.maximumVersion?.rawValue ?? system.1
        // Zero stands for the newest.
        guard maximum == 0 || minimum <= maximum else {
            throw TLSFailure(
                .settings,
                "the TLS versions from \(TLSVersion.name(minimum)) to \(TLSVersion.name(maximum)) are no range"
                    + (settings.minimumVersion == nil || settings.maximumVersion == nil
                        ? ", of which the system's configuration of OpenSSL sets one end" : ""))
        }
        guard
            unsafe copenssl_set_minimum_version(pointer, minimum) == 1,
            unsafe copenssl_set_maximum_version(pointer, maximum) == 1
        else {
            throw TLSFailure(.settings, "could not set the TLS versions: \(OpenSSLErrors.takeReason())")
        }
    }

    private func setOptions() {
        unsafe SSL_CTX_set_options(pointer, copenssl_options())
        unsafe copenssl_disable_session_cache(pointer)
        // Buffers of 16 KiB are held only while a record is in them, and the bytes to write may move between calls.
        unsafe copenssl_set_mode(pointer, Int(SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER))
        let verifies = settings.verification != .none
        unsafe SSL_CTX_set_verify(pointer, verifies ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nil)
    }
}

// MARK: the key log

extension TLSContext {
    private static func openKeyLog(_ path: String) throws(TLSFailure) -> Int32 {
        let file = try TLSFile(path, "TLS key log file")
        let descriptor = unsafe open(file.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { throw file.failure("open", OpenSSLErrors.systemReason(errno)) }
        return descriptor
    }
}
