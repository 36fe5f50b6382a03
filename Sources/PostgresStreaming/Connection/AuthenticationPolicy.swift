import PostgresWire

/// What a server may ask for. Asked before anything secret is looked up or sent, and once more when the server is
/// content: a server that skips a proof is refused as one that asks for the wrong one.
struct AuthenticationPolicy {
    typealias Method = PostgresConfiguration.AuthenticationMethod

    private let named: Set<Method>?
    private let excluded: Set<Method>
    /// Whether nobody but the server can read what is sent.
    private let isPrivate: Bool
    private let channelBinding: PostgresConfiguration.ChannelBindingMode

    init(_ configuration: PostgresConfiguration, isPrivate: Bool) {
        named = configuration.allowedAuthentication
        excluded = configuration.refusedAuthentication
        channelBinding = configuration.channelBinding
        self.isPrivate = isPrivate
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
            case .unknownMechanisms: throw Self.unknown(mechanisms)
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
        case .sasl(let mechanisms):
            let known = [ChannelBinding.notSupportedByClient, .tlsServerEndPoint([])].map(\.mechanism)
            guard mechanisms.contains(where: known.contains) else { throw Self.unknown(mechanisms) }
            return .scramSHA256
        case .gss, .gssContinue: throw Self.missing("GSSAPI authentication")
        case .kerberosV5: throw Self.missing("Kerberos V5 authentication")
        case .sspi: throw Self.missing("SSPI authentication")
        case .unsupported(6): throw Self.missing("SCM credentials")
        case .unsupported(let code): throw Self.missing("authentication method \(code)")
        case .ok, .saslContinue, .saslFinal: throw Self.missing("a step of an authentication that was not begun")
        }
    }

    private static func unknown(_ mechanisms: [String]) -> PostgresError {
        missing(mechanisms.contains("OAUTHBEARER") ? "OAuth" : "a SASL mechanism other than SCRAM-SHA-256")
    }

    private static func missing(_ name: String) -> PostgresError {
        refusal("the server asks for \(name), which this client does not have")
    }

    // MARK: what is allowed

    private func check(_ method: Method) throws(PostgresError) {
        let byDefault: Set<Method> = isPrivate ? [.none, .scramSHA256, .password] : [.none, .scramSHA256]
        guard !(named ?? byDefault).subtracting(excluded).contains(method) else { return }
        throw Self.refusal("the server asks for \(words(for: method)), which is not allowed here", hint: hint(method))
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
        case .gss, .sspi, .oauth: "a method that this client does not have"
        }
    }

    private static func refusal(_ message: String, hint: String? = nil) -> PostgresError {
        PostgresError(.authenticationMethodRefused, message, hint: hint, isConnectionUsable: false)
    }
}
