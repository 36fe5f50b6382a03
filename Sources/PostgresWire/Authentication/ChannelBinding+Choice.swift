extension ChannelBinding {
    /// What the transport has to bind to.
    package enum EndPoint: Hashable, Sendable {
        /// The connection is in the clear.
        case none
        /// The connection is encrypted; the data is the digest of the server's certificate, nil where RFC 5929 defines
        /// none for its signature.
        case tls([UInt8]?)
    }

    /// Why no SASL mechanism can be used.
    package enum Refusal: Error, Hashable, Sendable {
        /// None of those offered is SCRAM-SHA-256.
        case unknownMechanisms
        /// Binding is required and not possible here.
        case cannotBind
        /// The server offers to bind to a TLS connection that this side does not have: somebody between decrypts.
        case offeredWithoutTLS
    }

    /// Decides on the mechanism that is used, and not on what was asked for (manual: "SCRAM-SHA-256 Authentication").
    package static func choose(
        among mechanisms: [String], endPoint: EndPoint, isWanted: Bool, isRequired: Bool
    ) throws(Refusal) -> ChannelBinding {
        let binding = try possible(
            isOffered: mechanisms.contains(ChannelBinding.tlsServerEndPoint([]).mechanism), endPoint,
            isWanted: isWanted || isRequired)
        if case .tlsServerEndPoint = binding { return binding }
        guard mechanisms.contains(binding.mechanism) else { throw .unknownMechanisms }
        guard !isRequired else { throw .cannotBind }
        return binding
    }

    private static func possible(
        isOffered: Bool, _ endPoint: EndPoint, isWanted: Bool
    ) throws(Refusal) -> ChannelBinding {
        switch endPoint {
        case .none:
            guard !isOffered else { throw .offeredWithoutTLS }
            return .notSupportedByClient
        case .tls(let data):
            guard isWanted, let data, !data.isEmpty else { return .notSupportedByClient }
            return isOffered ? .tlsServerEndPoint(data) : .supportedButNotByServer
        }
    }
}
