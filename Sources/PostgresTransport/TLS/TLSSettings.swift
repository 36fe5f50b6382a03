/// What a TLS connection is to be like, and which files it takes.
///
/// Certificates are read anew for each connection, so files that are replaced take effect with the next one. A file
/// that is named has to be there: whoever looks for files at their usual places names only those that exist.
package struct TLSSettings: Sendable {
    /// How far the server has to prove who it is.
    package enum Verification: Hashable, Sendable {
        /// Any certificate is taken. Bytes are safe from listeners, not from somebody in the middle.
        case none
        /// The certificate was issued by one of the roots, for whatever host.
        case chain
        /// The certificate was issued by one of the roots, for the host that the user named.
        case chainAndHost
    }

    /// The certificates that are trusted to issue others.
    package enum Roots: Hashable, Sendable {
        case none
        /// A file of PEM certificates.
        case file(String)
        /// Where OpenSSL looks by itself; the environment's SSL_CERT_FILE and SSL_CERT_DIR change that.
        case system
    }

    /// Whether the client shows a certificate of its own.
    package enum CertificateMode: Hashable, Sendable {
        /// Never, even where a file is named and the server asks.
        case disable
        /// If the server asks for one and there is one.
        case allow
        /// The server has to ask for one, and it has to be sent; else the connection fails.
        case require
    }

    /// A certificate to show, and the proof that it is ours.
    package struct ClientCertificate: Sendable {
        /// PEM certificates: the client's own first, then those that lead to the root.
        package var certificateFile: String
        /// The private key, in PEM or DER; nobody but its owner may be able to read it.
        package var keyFile: String
        /// Asked for the passphrase of an encrypted key, on a thread that may block; nil where there is none.
        package var passphrase: (@Sendable () -> String?)?

        /// Names the two files, and the source of the passphrase.
        package init(certificateFile: String, keyFile: String, passphrase: (@Sendable () -> String?)? = nil) {
            self.certificateFile = certificateFile
            self.keyFile = keyFile
            self.passphrase = passphrase
        }
    }

    /// How far the server has to prove who it is.
    package var verification: Verification
    /// The host as the user wrote it, a name or a numeric address: what the certificate has to be for, and what the
    /// server is told (SNI).
    package var hostName: String
    /// The numeric address that the user gave in place of a name; looked at where `hostName` is empty.
    package var hostAddress: String?
    /// Which certificates are trusted.
    package var roots = Roots.none
    /// The certificate to show to the server.
    package var clientCertificate: ClientCertificate?
    /// Whether to show it.
    package var certificateMode = CertificateMode.allow
    /// A file of revocation lists. Where it or the directory is given, each certificate of the chain needs a list.
    package var revocationFile: String?
    /// A directory of revocation lists, under the names that `openssl rehash` gives.
    package var revocationDirectory: String?
    /// The oldest version to speak; nil for the oldest that the system's configuration of OpenSSL allows, and TLS 1.2 at
    /// least.
    package var minimumVersion: TLSVersion?
    /// The newest version to speak; nil for the newest that the system's configuration allows.
    package var maximumVersion: TLSVersion?
    /// Whether the server is told the host's name. An address is never sent (RFC 6066).
    package var sendsServerName = true
    /// What will be spoken over the connection (ALPN), the preferred first; nothing is said where it is empty.
    package var applicationProtocols: [String] = []
    /// Where the secrets of the connection are appended, for debugging with tools that can read them.
    package var keyLogFile: String?

    /// Creates settings without files, client certificate or ALPN.
    package init(verification: Verification, hostName: String) {
        self.verification = verification
        self.hostName = hostName
    }

    /// What the certificate has to be for: the host's name, or its address where no name was given.
    var referenceHost: String? { [hostName, hostAddress ?? ""].first { !$0.isEmpty } }

    /// The name for SNI; nil where none is to be sent. What may be an address is told apart as libpq does it.
    var serverName: String? {
        guard sendsServerName, !hostName.isEmpty, !hostName.utf8.contains(UInt8(ascii: ":")) else { return nil }
        let isAddress = hostName.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
        return isAddress ? nil : hostName
    }

    /// Whether making a context reads files, which may block.
    var readsFiles: Bool {
        (verification != .none && roots != .none) || clientCertificate != nil || keyLogFile != nil
    }
}

extension TLSSettings: CustomStringConvertible, CustomReflectable {
    /// The settings without paths or secrets.
    package var description: String {
        let versions = "\(minimumVersion?.description ?? "")...\(maximumVersion?.description ?? "")"
        let certificate = clientCertificate == nil ? "no" : "a"
        return "TLSSettings(verification: \(verification), \(versions), with \(certificate) client certificate)"
    }

    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension TLSSettings.ClientCertificate: CustomStringConvertible, CustomReflectable {
    package var description: String { "ClientCertificate(redacted)" }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
