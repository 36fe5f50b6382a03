import PostgresCryptography
import PostgresTransport
import PostgresWire

/// Opens the session of a connection: encrypts it, says who the user is, and proves that.
///
/// It is there for one attempt at one server, and knows what came of it.
struct SessionOpening {
    let driver: ConnectionDriver
    let configuration: PostgresConfiguration
    let endpoint: PostgresConfiguration.Endpoint
    /// What the server said of the tokens that it takes, when an earlier attempt asked it.
    let known: OAuthDiscovery?
    /// The same, where this attempt asked it; the server's error has not come yet.
    var announcement: (key: OAuthMemory.Key, discovery: OAuthDiscovery)?
    /// The same, once the attempt was over.
    var discovery: OAuthDiscovery?
    /// Whether the server was sent a password, a proof that it is known, or a token.
    var hasProvenUser = false

    init(
        _ driver: ConnectionDriver, _ configuration: PostgresConfiguration,
        at endpoint: PostgresConfiguration.Endpoint, knowing known: OAuthDiscovery?
    ) {
        self.driver = driver
        self.configuration = configuration
        self.endpoint = endpoint
        self.known = known
    }

    /// Has an error of the server say this beside its own words, if it does not accept the password.
    func hint(_ text: String) { driver.opening?.passwordHint = text }

    /// Answers the server until it is ready, or refuses (manual: "Start-up").
    nonisolated(nonsending) mutating func authenticate() async throws(PostgresError) {
        var login = LoginObservation(driver.observation)
        do throws(PostgresError) {
            try await authenticate(&login)
        } catch {
            if !noteDiscovery(after: error) { login.failed(error) }
            throw error
        }
    }

    private nonisolated(nonsending) mutating func authenticate(
        _ login: inout LoginObservation
    ) async throws(PostgresError) {
        let policy = AuthenticationPolicy(configuration, channel)
        var proven = PostgresConfiguration.AuthenticationMethod.none
        var binding: ChannelBinding?
        var tokenLogin: OAuthLogin?
        while let request = try await nextRequest(onceAccepted: { () throws(PostgresError) in
            try policy.accept(proven, boundBy: binding)
            login.accepted(boundBy: binding)
        }) {
            if case .saslContinue(let refusal) = request, tokenLogin != nil {
                // SCRAM takes its challenges itself.
                try receive(refusal: refusal, of: &tokenLogin)
                continue
            }
            login.asked(for: request)
            proven = try policy.method(of: request)
            if case .sasl(let mechanisms) = request, proven == .scramSHA256 {
                binding = try policy.binding(among: mechanisms, to: channelEndPoint)
            }
            if proven == .oauth {
                tokenLogin = try await beginOAuth(channel)
            } else {
                try await answer(request, binding)
            }
        }
    }

    /// Returns what the server asks for next; nil when it is ready.
    private nonisolated(nonsending) func nextRequest(
        onceAccepted accept: () throws(PostgresError) -> Void
    ) async throws(PostgresError) -> AuthenticationRequest? {
        try await driver.answer { event throws(PostgresError) -> AuthenticationRequest? in
            switch event {
            case .authenticationRequested(let request): return request
            case .authenticated: try accept()
            default:
                throw PostgresError(.protocolViolation, "unexpected event during start-up", isConnectionUsable: false)
            }
            return nil
        }
    }

    /// What SCRAM can be bound to.
    private var channelEndPoint: ChannelBinding.EndPoint {
        driver.peer.tls == nil ? .none : .tls(driver.channel.socket.endPointBinding)
    }

    /// Who can read what is sent.
    private var channel: AuthenticationPolicy.Channel {
        if driver.peer.address.isUnix || driver.peer.tls?.isPeerVerified == true { return .private }
        return driver.peer.tls == nil ? .clear : .encrypted
    }

    private nonisolated(nonsending) mutating func answer(
        _ request: AuthenticationRequest, _ binding: ChannelBinding?
    ) async throws(PostgresError) {
        do {
            if let binding {
                return try await proveBySCRAM(binding)
            }
            var password = SecretBytes(Array(try await password().utf8))
            if case .md5Password(let salt) = request {
                password = try MD5Password.response(
                    password: password, user: configuration.user, salt: salt, using: OpenSSLCryptography.self)
            }
            try driver.session.sendPassword(PasswordMessage(password: password))
            hasProvenUser = true
        } catch {
            throw Self.authenticationError(error)
        }
    }

    private nonisolated(nonsending) mutating func proveBySCRAM(_ binding: ChannelBinding) async throws {
        var scram = try SCRAMClient<OpenSSLCryptography>(
            await credential(), channelBinding: binding,
            iterationLimits: configuration.scramIterations,
            iterationsMin: channel == .private ? 1 : configuration.unverifiedSCRAMIterationsMin)
        let first = try scram.clientFirstMessage()
        try driver.session.sendSASLInitialResponse(SASLInitialResponse(mechanism: binding.mechanism, data: first))
        guard case .saslContinue(let challenge)? = try await nextRequest(onceAccepted: {}) else {
            throw Self.outOfOrder
        }
        let keys = try await keys(scram.receive(serverFirst: challenge))
        try driver.session.sendSASLResponse(SASLResponse(data: scram.clientFinalMessage(keys: keys)))
        hasProvenUser = true
        guard case .saslFinal(let outcome)? = try await nextRequest(onceAccepted: {}) else {
            throw Self.outOfOrder
        }
        try scram.verify(serverFinal: outcome)
        driver.session.confirmServer()
    }

    private nonisolated(nonsending) func credential() async throws(PostgresError) -> SCRAMCredential {
        guard let keys = configuration.scramKeys else {
            return .password(SecretBytes(SASLprep.prepare(try await password())))
        }
        hint("The SCRAM keys that were given fit one role and its present password only.")
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
                derived = try await BlockingWork.run(on: driver.loop, deadline: driver.deadline) {
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
