import PostgresTransport
import PostgresWire

/// What was agreed on when a connection came about.
public struct SessionInformation: Hashable, Sendable {
    /// How a connection is encrypted.
    public struct TLS: Hashable, Sendable {
        /// The version by OpenSSL's name, such as `TLSv1.3`.
        public let version: String
        /// The cipher suite by OpenSSL's name, such as `TLS_AES_256_GCM_SHA384`.
        public let cipher: String
        /// Whether the server's certificate comes from a trusted root and is for the host that was named.
        public let isServerVerified: Bool
        /// Whether the server was shown a certificate of this client.
        public let isClientCertificateSent: Bool
    }

    /// The address that answered, as a person reads it: `127.0.0.1:5432`, `[::1]:5432` or the path of a socket.
    public let address: String
    /// The protocol's version that is spoken.
    public let protocolVersion: PostgresConfiguration.ProtocolVersion
    /// How the connection is encrypted; nil in the clear.
    public let tls: TLS?
    /// The process that the cancel key is for; a pooler names one of its own. Nil without a key.
    package let processID: Int32?

    init(_ driver: borrowing ConnectionDriver) {
        processID = driver.session.cancelKey?.processID
        address = driver.peer.address.description
        protocolVersion = driver.session.protocolVersion == .v3_0 ? .v3_0 : .v3_2
        tls = driver.peer.tls.map {
            TLS(
                version: $0.version, cipher: $0.cipher, isServerVerified: $0.isPeerVerified,
                isClientCertificateSent: $0.isCertificateSent)
        }
    }
}
