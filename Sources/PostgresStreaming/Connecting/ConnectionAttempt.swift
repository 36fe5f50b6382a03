import PostgresWire

/// What one attempt to reach a server does; after some failures there is another that may fare better.
struct ConnectionAttempt {
    /// Whether the connection is to be encrypted.
    enum Channel: Hashable {
        case plain
        /// Encrypted if the server can, in the clear if it says that it cannot.
        case encryptedIfPossible
        case encrypted
    }

    var channel: Channel
    /// Whether the connection is encrypted; nil as long as that is being settled.
    var isEncrypted: Bool?
    /// Whether the server was sent a proof of who the user is, or a token.
    var hasProvenUser = false
    var limits: ServerMemory.Limits
    /// What the server said of the tokens that it takes, when an attempt asked it.
    var discovery: OAuthDiscovery?

    /// The first attempt at an endpoint.
    init(_ configuration: PostgresConfiguration, at endpoint: PostgresConfiguration.Endpoint) {
        limits = ServerMemory.limits(of: endpoint)
        // What a more lenient configuration agreed on does not lower the demands of this one.
        if configuration.protocolVersions.lowerBound > .v3_0 { limits.speaksOldProtocolOnly = false }
        guard case .tcp = endpoint else {
            channel = .plain
            return
        }
        channel =
            switch configuration.tls.mode {
            case .disable, .allow: .plain
            case .prefer: .encryptedIfPossible
            case .require, .verifyCA, .verifyFull: .encrypted
            }
    }

    /// What to try after this attempt failed; nil where the error is final.
    ///
    /// Each step takes something away that is never given back, so there are few.
    func next(
        after error: PostgresError, _ configuration: PostgresConfiguration, at endpoint: PostgresConfiguration.Endpoint
    ) -> ConnectionAttempt? {
        var next = self
        next.isEncrypted = nil
        next.hasProvenUser = false
        if !limits.refusesCheckInterval, configuration.impliedCheckInterval != nil, error.blamesCheckInterval {
            next.limits.refusesCheckInterval = true
        } else if !limits.speaksOldProtocolOnly, configuration.protocolVersions.lowerBound == .v3_0,
            configuration.protocolVersions.upperBound > .v3_0, error.blamesProtocolVersion
        {
            next.limits.speaksOldProtocolOnly = true
        } else if case .tcp = endpoint, let channel = otherChannel(after: error, configuration.tls.mode) {
            next.channel = channel
        } else {
            return nil
        }
        return next
    }

    /// What the next attempt does without; nil where it does not ask for less.
    func part(leftOutBy next: ConnectionAttempt) -> Fallback? {
        if next.limits.refusesCheckInterval != limits.refusesCheckInterval { return .checkInterval }
        if next.limits.speaksOldProtocolOnly != limits.speaksOldProtocolOnly { return .protocolVersion }
        guard next.channel != channel else { return nil }
        return next.channel == .plain ? .encryption : .cleartext
    }

    /// The modes `allow` and `prefer` try both ways, as in libpq. `prefer` is stricter: what refused a password over TLS is
    /// not sent one in the clear, nor is a server that failed a proof asked for another one there.
    private func otherChannel(after error: PostgresError, _ mode: PostgresConfiguration.TLS.Mode) -> Channel? {
        switch (mode, channel) {
        case (.allow, .plain): return error.isRefusalBeforeAuthentication ? .encrypted : nil
        case (.prefer, .encryptedIfPossible):
            switch isEncrypted {
            case nil: return error.isAboutTLS ? .plain : nil
            // A server that is not ready yet is no more so in the clear.
            case true? where hasProvenUser || error.sqlState == .cannotConnectNow: return nil
            case true?: return error.isRefusalBeforeAuthentication ? .plain : nil
            // The server has no TLS, and what it refused would be the same attempt once more.
            case false?: return nil
            }
        default: return nil
        }
    }
}

extension PostgresError {
    /// A server or pooler that does not take the parameter names it: 42704 and 22023 from servers, 08P01 from PgBouncer,
    /// 0A000 from other poolers. Any other error that names it is about something of that name.
    fileprivate var blamesCheckInterval: Bool {
        guard let sqlState, Self.refusalsOfParameters.contains(sqlState) else { return false }
        return server?.message?.contains(PostgresConfiguration.checkIntervalParameter) == true
    }

    private static let refusalsOfParameters: Set<SQLState> = [
        .protocolViolation, .featureNotSupported, .invalidParameterValue, .undefinedObject,
    ]

    /// Before NegotiateProtocolVersion was understood, a new version was an error: 0A000 from servers before 9.3, and
    /// 08P01 about the packet from PgBouncer, which says the same code of parameters.
    fileprivate var blamesProtocolVersion: Bool {
        guard code == .connectRefusedByServer, server?.isFromVerifiedServer == false else { return false }
        return sqlState == .featureNotSupported
            || sqlState == .protocolViolation && server?.message?.contains("startup parameter") != true
    }

    /// Poolers refuse the clear by other SQLSTATEs than servers do: PgBouncer's is 08P01.
    fileprivate var isRefusalBeforeAuthentication: Bool { server?.isFromVerifiedServer == false }

    fileprivate var isAboutTLS: Bool { code == .tlsFailed || code == .serverNotVerified }
}

extension PostgresConfiguration {
    /// The oldest version allowed, if it is newer than the oldest there is and the error says that the server does not
    /// know it.
    func refusedVersion(by error: PostgresError?) -> ProtocolVersion? {
        guard protocolVersions.lowerBound > .v3_0, error?.blamesProtocolVersion == true else { return nil }
        return protocolVersions.lowerBound
    }
}
