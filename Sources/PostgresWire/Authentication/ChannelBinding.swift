/// How a SCRAM exchange is tied to the TLS connection that it runs over (RFC 5802, section 6; RFC 5929).
package enum ChannelBinding: Hashable, Sendable {
    /// This side cannot bind, for lack of TLS or of the data, or because the user turned it off.
    case notSupportedByClient
    /// This side could, but the server did not offer it. A server that did offer it then knows that somebody between
    /// the two took the offer out, and refuses.
    case supportedButNotByServer
    /// Binds to the server's certificate; the data is the certificate's digest.
    case tlsServerEndPoint([UInt8])

    /// The SASL mechanism that belongs to it.
    package var mechanism: String {
        switch self {
        case .notSupportedByClient, .supportedButNotByServer: "SCRAM-SHA-256"
        case .tlsServerEndPoint: "SCRAM-SHA-256-PLUS"
        }
    }

    /// The GS2 header, with which the client's first message begins.
    var header: [UInt8] {
        switch self {
        case .notSupportedByClient: Array("n,,".utf8)
        case .supportedButNotByServer: Array("y,,".utf8)
        case .tlsServerEndPoint: Array("p=tls-server-end-point,,".utf8)
        }
    }

    /// The bytes that the proof covers: the header again and, if bound, the data. `nil` if there is nothing to bind to.
    var input: [UInt8]? {
        guard case .tlsServerEndPoint(let data) = self else { return header }
        // Without data the exchange would look bound and be tied to nothing.
        return data.isEmpty ? nil : header + data
    }
}
