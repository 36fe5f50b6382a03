extension PostgresConfiguration {
    /// How a TCP connection is encrypted, and how the server proves who it is. Unix-domain sockets are never encrypted.
    ///
    /// Files are read anew for every connection, so that a renewed certificate needs no restart.
    public struct TLS: Sendable {
        /// Whether a connection is encrypted (libpq's `sslmode`).
        public enum Mode: String, Hashable, Sendable, CaseIterable {
            /// Never.
            case disable
            /// Where the server insists.
            case allow
            /// Where the server can. Protects from nobody who can change what is sent: they can take TLS out.
            case prefer
            /// Always, whoever the server is. Where root certificates are at hand its certificate has to come from one.
            case require
            /// Always, and the server's certificate comes from a trusted root.
            case verifyCA = "verify-ca"
            /// Always, and the server's certificate comes from a trusted root and is for the host that was named.
            case verifyFull = "verify-full"
        }

        /// How TLS begins (libpq's `sslnegotiation`).
        public enum Negotiation: String, Hashable, Sendable, CaseIterable {
            /// By asking for it in the clear.
            case postgres
            /// At once, which saves a round trip. Servers understand it since PostgreSQL 17.
            case direct
        }

        /// Whether the client shows a certificate (libpq's `sslcertmode`).
        public enum CertificateMode: String, Hashable, Sendable, CaseIterable {
            /// Never.
            case disable
            /// If the server asks for one and there is one.
            case allow
            /// Always; a server that does not ask for it is refused, and so is a connection without TLS.
            case require
        }

        /// A version of TLS. Older ones than 1.2 are not spoken.
        public enum Version: String, Hashable, Sendable, CaseIterable {
            /// TLS 1.2
            case tls12 = "TLSv1.2"
            /// TLS 1.3
            case tls13 = "TLSv1.3"
        }

        /// Where trusted root certificates come from.
        public enum Roots: Hashable, Sendable {
            /// `root.crt` in `standardDirectory`, if it exists.
            case standard
            /// A file of PEM certificates.
            case file(String)
            /// The system's, which demand the mode `verifyFull`: anybody can get a certificate from one of those.
            case system
        }

        /// Whether a connection is encrypted.
        public var mode = Mode.prefer
        /// How TLS begins.
        public var negotiation = Negotiation.postgres
        /// Where trusted root certificates come from.
        public var roots = Roots.standard
        /// The client's certificate in PEM, followed by those that lead to the root; nil for `postgresql.crt` in
        /// `standardDirectory`, if it exists.
        public var certificateFile: String?
        /// The client's private key; nil for `postgresql.key` in `standardDirectory`. Its owner alone may read it.
        public var keyFile: String?
        /// The passphrase of an encrypted key.
        public var keyPassphrase: String?
        /// Gives the passphrase instead, on a thread that may block; asked anew for every connection.
        public var keyPassphraseProvider: (@Sendable () -> String?)?
        /// Whether the client shows its certificate.
        public var certificateMode = CertificateMode.allow
        /// A file of certificates that were revoked; nil for `root.crl` in `standardDirectory`, if it exists.
        public var revocationFile: String?
        /// A directory of such files, under the names that `openssl rehash` gives.
        public var revocationDirectory: String?
        /// The oldest version that is spoken; nil, the default, for the oldest that the system's configuration of OpenSSL
        /// allows (`MinProtocol`), and TLS 1.2 at least.
        public var minimumVersion: Version?
        /// The newest version that is spoken; nil, the default, for the newest that the system's configuration of OpenSSL
        /// allows (`MaxProtocol`).
        public var maximumVersion: Version?
        /// Whether the host's name is sent in the clear with the greeting (SNI), which proxies route by.
        public var sendsServerName = true
        /// A file to which the keys of the connection are appended, for debugging. Whoever reads it reads everything.
        public var keyLogFile: String?
        /// Where files are looked for that are not named; libpq's is `~/.postgresql`. Nil: nowhere.
        public var standardDirectory: String?

        /// libpq's defaults, without a standard directory.
        public init() {}
    }
}

extension PostgresConfiguration.TLS: CustomStringConvertible, CustomReflectable {
    /// The mode.
    public var description: String { "TLS(\(mode.rawValue))" }

    /// As the description: nothing that may be secret.
    public var customMirror: Mirror { Mirror(self, children: ["mode": mode]) }
}
