import PostgresCryptography
import PostgresTransport
import PostgresWire

extension ConnectionDriver {
    /// Answers the server until it is ready, or refuses (manual: "Start-up").
    nonisolated(nonsending) func authenticate(
        _ configuration: PostgresConfiguration, at endpoint: PostgresConfiguration.Endpoint,
        knowing discovery: OAuthDiscovery? = nil
    ) async throws(PostgresError) {
        var login = LoginObservation(observation)
        do throws(PostgresError) {
            try await authenticate(configuration, at: endpoint, knowing: discovery, &login)
        } catch {
            if !noteDiscovery(after: error) { login.failed(error) }
            throw error
        }
    }

    private nonisolated(nonsending) func authenticate(
        _ configuration: PostgresConfiguration, at endpoint: PostgresConfiguration.Endpoint,
        knowing discovery: OAuthDiscovery?, _ login: inout LoginObservation
    ) async throws(PostgresError) {
        let policy = AuthenticationPolicy(configuration, channel)
        var proven = PostgresConfiguration.AuthenticationMethod.none
        var binding: ChannelBinding?
        var tokenLogin: OAuthLogin?
        while true {
            switch try await advance() {
            case .authenticationRequested(.saslContinue(let refusal)) where tokenLogin != nil:
                // SCRAM takes its challenges itself.
                try receive(refusal: refusal, of: &tokenLogin)
            case .authenticationRequested(let request):
                login.asked(for: request)
                proven = try policy.method(of: request)
                if case .sasl(let mechanisms) = request, proven == .scramSHA256 {
                    binding = try policy.binding(among: mechanisms, to: channelEndPoint)
                }
                if proven == .oauth {
                    tokenLogin = try await beginOAuth(configuration, at: endpoint, knowing: discovery, channel)
                } else {
                    try await answer(request, binding, configuration, at: endpoint)
                }
            case .authenticated:
                try policy.accept(proven, boundBy: binding)
                login.accepted(boundBy: binding)
            case .ready:
                return
            default:
                throw PostgresError(.protocolViolation, "unexpected event during start-up", isConnectionUsable: false)
            }
        }
    }

    /// Who can read what is sent.
    private var channel: AuthenticationPolicy.Channel {
        if address.isUnix || tls?.isPeerVerified == true { return .private }
        return tls == nil ? .clear : .encrypted
    }

    private nonisolated(nonsending) func answer(
        _ request: AuthenticationRequest, _ binding: ChannelBinding?, _ configuration: PostgresConfiguration,
        at endpoint: PostgresConfiguration.Endpoint
    ) async throws(PostgresError) {
        do {
            if let binding {
                return try await proveBySCRAM(binding, configuration, at: endpoint)
            }
            var password = SecretBytes(Array(try await password(configuration, at: endpoint).utf8))
            if case .md5Password(let salt) = request {
                password = try MD5Password.response(
                    password: password, user: configuration.user, salt: salt, using: OpenSSLCryptography.self)
            }
            try session.sendPassword(PasswordMessage(password: password))
            hasProvenUser = true
        } catch {
            throw Self.authenticationError(error)
        }
    }

    private nonisolated(nonsending) func proveBySCRAM(
        _ binding: ChannelBinding, _ configuration: PostgresConfiguration,
        at endpoint: PostgresConfiguration.Endpoint
    ) async throws {
        var scram = try SCRAMClient<OpenSSLCryptography>(
            await credential(configuration, at: endpoint), channelBinding: binding,
            iterationLimits: configuration.scramIterations,
            iterationsMin: channel == .private ? 1 : configuration.unverifiedSCRAMIterationsMin)
        let first = try scram.clientFirstMessage()
        try session.sendSASLInitialResponse(SASLInitialResponse(mechanism: binding.mechanism, data: first))
        guard case .authenticationRequested(.saslContinue(let challenge)) = try await advance() else {
            throw Self.outOfOrder
        }
        let keys = try await keys(scram.receive(serverFirst: challenge))
        try session.sendSASLResponse(SASLResponse(data: scram.clientFinalMessage(keys: keys)))
        hasProvenUser = true
        guard case .authenticationRequested(.saslFinal(let outcome)) = try await advance() else {
            throw Self.outOfOrder
        }
        try scram.verify(serverFinal: outcome)
        session.confirmServer()
    }

    private nonisolated(nonsending) func credential(
        _ configuration: PostgresConfiguration, at endpoint: PostgresConfiguration.Endpoint
    ) async throws(PostgresError) -> SCRAMCredential {
        guard let keys = configuration.scramKeys else {
            return .password(SecretBytes(SASLprep.prepare(try await password(configuration, at: endpoint))))
        }
        passwordHint = "The SCRAM keys that were given fit one role and its present password only."
        return .keys(keys.keys)
    }

    private nonisolated(nonsending) func keys(_ source: SCRAMKeySource) async throws -> SCRAMKeys {
        switch source {
        case .keys(let keys):
            return keys
        case .derivation(let derivation):
            // Milliseconds of computing at the server's choice: not on a loop that others wait for.
            let derived: Result<SCRAMKeys, OpenSSLCryptography.Failure>
            do throws(TransportError) {
                derived = try await BlockingWork.run(on: loop, deadline: deadline) {
                    Result { () throws(OpenSSLCryptography.Failure) in
                        try derivation.keys(using: OpenSSLCryptography.self)
                    }
                }
            } catch {
                throw PostgresError(connecting: error, while: .passwordHashing)
            }
            return try derived.get()
        }
    }

    private static var outOfOrder: ProtocolViolation {
        ProtocolViolation(.authentication, "authentication message out of order")
    }

    private static func authenticationError(_ error: any Error) -> PostgresError {
        switch error {
        case let error as PostgresError: error
        case let error as ProtocolViolation: PostgresError(error, isConnecting: true)
        case is FrontendMessageError:
            PostgresError(.configurationInvalid, "the password is too long to be sent", isConnectionUsable: false)
        default:
            PostgresError(
                .authenticationFailed, "the password could not be prepared: \(error)", isConnectionUsable: false)
        }
    }
}
