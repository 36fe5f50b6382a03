/// What a handshake led to.
package struct TLSInformation: Hashable, Sendable {
    /// The version that is spoken, such as `TLSv1.3`.
    package let version: String
    /// The cipher suite by OpenSSL's name, such as `TLS_AES_256_GCM_SHA384`.
    package let cipher: String
    /// The protocol that the server chose from those offered (ALPN); nil where it chose none.
    package let applicationProtocol: String?
    /// How far the server proved who it is.
    package let verification: TLSSettings.Verification
    /// Whether the server asked for a certificate.
    package let isCertificateRequested: Bool
    /// Whether the client showed one.
    package let isCertificateSent: Bool

    /// Whether the server's certificate comes from a trusted root and is for the host that the user named.
    package var isPeerVerified: Bool { verification == .chainAndHost }
}
