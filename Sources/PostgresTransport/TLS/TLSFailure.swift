/// Why there is no TLS connection, or not any more.
package struct TLSFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Who is at fault, and with what.
    package enum Kind: Hashable, Sendable {
        /// The settings cannot be followed, or a file that they name cannot be used.
        case settings
        /// The two sides found no way to speak TLS, or the peer broke its rules.
        case handshake
        /// No trusted root vouches for the server's certificate.
        case untrusted
        /// The certificate is for another host.
        case hostMismatch
        /// The stream ended without the peer's good-bye: somebody may have cut it.
        case truncated
        /// The peer sent bytes before the handshake began. They were in the clear, so anybody may have put them there.
        case earlyBytes
        /// The peer gave up and said why (RFC 8446, section 6).
        case alert
    }

    /// Who is at fault, and with what.
    package let kind: Kind
    /// The failure in one line. It may name a file, a host and the peer's certificate; never what a file holds.
    package let description: String

    /// Says what is wrong, in one line of text that may be shown.
    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }

    /// Bytes in the clear where only a handshake may come.
    package static var earlyBytes: TLSFailure {
        TLSFailure(.earlyBytes, "bytes in the clear came before the TLS handshake")
    }

    /// The end of a stream that the peer has not announced.
    static func truncated(isEstablished: Bool) -> TLSFailure {
        TLSFailure(
            .truncated,
            isEstablished
                ? "the TLS connection ended without the server's good-bye"
                : "the server closed the connection during the TLS handshake")
    }
}
