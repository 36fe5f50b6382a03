import PostgresWire

/// What a server may ask for. Asked before anything secret is looked up or sent, and once more when the server is
/// content: a server that skips a proof is refused as one that asks for the wrong one.
struct AuthenticationPolicy {
    typealias Method = PostgresConfiguration.AuthenticationMethod

    /// Who can read what is sent.
    enum Channel {
        /// Everybody on the way.
        case clear
        /// Who answers, and it is not certain who that is.
        case encrypted
        /// The server alone: it was verified, or is on this machine.
        case `private`
    }

    private let named: Set<Method>?
    private let excluded: Set<Method>
    private let channel: Channel
    private let channelBinding: PostgresConfiguration.ChannelBindingMode
    /// What is missing for a login by OAuth; nil where nothing is.
    private let missingForOAuth: String?

    init(_ configuration: PostgresConfiguration, _ channel: Channel) {
        named = configuration.allowedAuthentication
        excluded = configuration.refusedAuthentication
        channelBinding = configuration.channelBinding
        self.channel = channel
        missingForOAuth =
            switch (configuration.oauth.issuer?.isEmpty ?? true, configuration.tokenProvider == nil) {
            case (false, false): nil
            case (true, false): "Name the authorization server by oauth_issuer."
            case (false, true): "Give the configuration a tokenProvider."
            case (true, true):
                "Name the authorization server by oauth_issuer and give the configuration a tokenProvider."
            }
    }

    /// Returns the method that a request belongs to, if this client has it and it is allowed.
    func method(of request: AuthenticationRequest) throws(PostgresError) -> Method {
        let method = try known(request)
        try check(method)
        guard channelBinding != .require || method == .scramSHA256 else { throw unbound(method) }
        return method
    }

    /// Decides how SCRAM is bound to the transport (manual: "SCRAM-SHA-256 Authentication").
    func binding(
        among mechanisms: [String], to endPoint: ChannelBinding.EndPoint
    ) throws(PostgresError) -> ChannelBinding {
        do throws(ChannelBinding.Refusal) {
            return try .choose(
                among: mechanisms, endPoint: endPoint, isWanted: channelBinding != .disable,
                isRequired: channelBinding == .require)
        } catch {
            switch error {
            case .unknownMechanisms: throw Self.unknownMechanism
            case .cannotBind where endPoint == .tls(nil):
                throw Self.refusal(
                    "channel binding is required, but the server's certificate has no digest that could be bound to",
                    hint: "The certificate is signed with Ed25519 or Ed448; RSA and ECDSA signatures have a digest.")
            case .cannotBind: throw unbound(.scramSHA256)
            case .offeredWithoutTLS:
                throw PostgresError(
                    .serverNotVerified, "the server offers to bind SCRAM to TLS, and this connection has none",
                    hint: "Something on the way to the server takes the encryption off.", isConnectionUsable: false)
            }
        }
    }

    /// Takes the server's word that it is content with what was proven.
    func accept(_ proven: Method, boundBy binding: ChannelBinding?) throws(PostgresError) {
        try check(proven)
        guard channelBinding == .require else { return }
        guard case .tlsServerEndPoint = binding else { throw unbound(proven) }
    }

    // MARK: what is there

    private func known(_ request: AuthenticationRequest) throws(PostgresError) -> Method {
        switch request {
        case .cleartextPassword: return .password
        case .md5Password: return .md5
        case .sasl(let mechanisms): return try method(among: mechanisms)
        case .gss, .gssContinue: throw Self.missing("GSSAPI authentication")
        case .kerberosV5: throw Self.missing("Kerberos V5 authentication")
        case .sspi: throw Self.missing("SSPI authentication")
        case .unsupported(6): throw Self.missing("SCM credentials")
        case .unsupported(let code): throw Self.missing("authentication method \(code)")
        case .ok, .saslContinue, .saslFinal: throw Self.missing("a step of an authentication that was not begun")
        }
    }

    /// SCRAM goes before OAuth, because it makes the server prove itself too.
    private func method(among mechanisms: [String]) throws(PostgresError) -> Method {
        let scram = [ChannelBinding.notSupportedByClient, .tlsServerEndPoint([])].map(\.mechanism)
        let offersSCRAM = mechanisms.contains(where: scram.contains)
        let offersOAuth = mechanisms.contains(OAuthBearerClient.mechanism)
        if offersSCRAM, !offersOAuth || missingForOAuth != nil || isAllowed(.scramSHA256) { return .scramSHA256 }
        guard offersOAuth else { throw Self.unknownMechanism }
        return .oauth
    }

    private static var unknownMechanism: PostgresError { missing("a SASL mechanism other than SCRAM-SHA-256") }

    private static func missing(_ name: String) -> PostgresError {
        refusal("the server asks for \(name), which this client does not have")
    }

    // MARK: what is allowed

    private func isAllowed(_ method: Method) -> Bool {
        let byDefault: Set<Method> =
            channel == .private ? [.none, .scramSHA256, .password, .oauth] : [.none, .scramSHA256]
        return (named ?? byDefault).subtracting(excluded).contains(method)
    }

    private func check(_ method: Method) throws(PostgresError) {
        let isRuledOut = excluded.contains(method) || named?.contains(method) == false
        if method == .oauth, !isRuledOut { try checkOAuth() }
        guard !isAllowed(method) else { return }
        throw Self.refusal("the server asks for \(words(for: method)), which is not allowed here", hint: hint(method))
    }

    /// Asks for what no opt-in can do without.
    private func checkOAuth() throws(PostgresError) {
        if let missingForOAuth {
            throw Self.refusal(
                "the server asks for an OAuth token, and OAuth is not set up here", hint: missingForOAuth)
        }
        guard channel != .clear else {
            throw Self.refusal(
                "the server asks for an OAuth token over a connection in the clear",
                hint: "Tokens are sent over TLS and Unix-domain sockets only: use sslmode=verify-full.")
        }
    }

    private func hint(_ method: Method) -> String {
        if excluded.contains(method) { return "It is excluded by require_auth=!\(method.rawValue)." }
        if let named {
            let names = named.map(\.rawValue).sorted().joined(separator: ",")
            return "It is not among what require_auth allows, which is \(names.isEmpty ? "nothing" : names)."
        }
        return "If you trust the way to the server, allow it with require_auth=\(method.rawValue) in the URL."
    }

    private func unbound(_ method: Method) -> PostgresError {
        Self.refusal(
            "channel binding is required, but the server asks for \(words(for: method)) without it",
            hint: "Only SCRAM-SHA-256-PLUS over TLS is bound to its connection.")
    }

    private func words(for method: Method) -> String {
        switch method {
        case .none: "no authentication at all"
        case .password: "a password in the clear"
        case .md5: "a password hashed with MD5"
        case .scramSHA256: "SCRAM-SHA-256"
        case .oauth: "an OAuth token"
        case .gss, .sspi: "a method that this client does not have"
        }
    }

    private static func refusal(_ message: String, hint: String? = nil) -> PostgresError {
        PostgresError(.authenticationMethodRefused, message, hint: hint, isConnectionUsable: false)
    }
}
