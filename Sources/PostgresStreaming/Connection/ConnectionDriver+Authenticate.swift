import PostgresTransport
import PostgresWire

extension ConnectionDriver {
    /// Answers the server until it is ready, or refuses (manual: "Start-up").
    nonisolated(nonsending) func authenticate(
        _ configuration: PostgresConfiguration, at endpoint: PostgresConfiguration.Endpoint
    ) async throws(PostgresError) {
        var proven = PostgresConfiguration.AuthenticationMethod.none
        while true {
            switch try await advance() {
            case .authenticationRequested(let request):
                proven = try method(of: request)
                try require(proven, configuration)
                try await answer(request, configuration, at: endpoint)
            case .authenticated:
                try require(proven, configuration)
            case .ready:
                return
            default:
                throw PostgresError(.protocolViolation, "unexpected event during start-up", isConnectionUsable: false)
            }
        }
    }

    private func method(
        of request: AuthenticationRequest
    ) throws(PostgresError) -> PostgresConfiguration.AuthenticationMethod {
        switch request {
        case .cleartextPassword: return .password
        case .md5Password: return .md5
        case .sasl(let mechanisms):
            guard mechanisms.contains(ChannelBinding.notSupportedByClient.mechanism) else {
                throw Self.refused("a SASL mechanism that this client does not know")
            }
            return .scramSHA256
        case .gss, .gssContinue, .kerberosV5: throw Self.refused("GSSAPI or Kerberos authentication")
        case .sspi: throw Self.refused("SSPI authentication")
        default: throw Self.refused("an authentication that this client does not know")
        }
    }

    private func require(
        _ method: PostgresConfiguration.AuthenticationMethod, _ configuration: PostgresConfiguration
    ) throws(PostgresError) {
        let byDefault: Set<PostgresConfiguration.AuthenticationMethod> =
            address.isUnix ? [.none, .scramSHA256, .password] : [.none, .scramSHA256]
        let allowed = (configuration.allowedAuthentication ?? byDefault).subtracting(
            configuration.refusedAuthentication)
        guard !allowed.contains(method) else { return }
        let asked =
            switch method {
            case .none: "no authentication at all"
            case .password: "a password in the clear"
            case .md5: "a password hashed with MD5"
            case .scramSHA256: "SCRAM-SHA-256"
            case .gss, .sspi, .oauth: "a method that this client does not have"
            }
        throw Self.refused(
            "\(asked), which is not allowed here",
            hint: "If you trust the way to the server, allow it with require_auth=\(method.rawValue) in the URL.")
    }

    private nonisolated(nonsending) func answer(
        _ request: AuthenticationRequest, _ configuration: PostgresConfiguration,
        at endpoint: PostgresConfiguration.Endpoint
    ) async throws(PostgresError) {
        guard let password = configuration.password else {
            throw PostgresError(
                .authenticationFailed, "the server asks for a password and none was given", isConnectionUsable: false)
        }
        do {
            switch request {
            case .cleartextPassword:
                try session.sendPassword(PasswordMessage(password: password))
            case .md5Password(let salt):
                let response = try MD5Password.response(
                    password: password, user: configuration.user, salt: salt, using: OpenSSLCryptography.self)
                try session.sendPassword(PasswordMessage(password: response))
            default:
                try await proveByScram(password)
            }
        } catch {
            throw Self.authenticationError(error)
        }
    }

    private nonisolated(nonsending) func proveByScram(_ password: String) async throws {
        var scram = try SCRAMClient<OpenSSLCryptography>(password: password)
        let mechanism = ChannelBinding.notSupportedByClient.mechanism
        let first = try scram.clientFirstMessage()
        try session.sendSASLInitialResponse(SASLInitialResponse(mechanism: mechanism, data: first))
        guard case .authenticationRequested(.saslContinue(let challenge)) = try await advance() else {
            throw Self.outOfOrder
        }
        let derivation = try scram.receive(serverFirst: challenge)
        // Milliseconds of computing at the server's choice: not on a loop that others wait for.
        let salted = try await BlockingWork.run(on: loop, deadline: deadline) {
            Result { try derivation.saltedPassword(using: OpenSSLCryptography.self) }
        }
        try session.sendSASLResponse(SASLResponse(data: scram.clientFinalMessage(saltedPassword: salted.get())))
        guard case .authenticationRequested(.saslFinal(let outcome)) = try await advance() else {
            throw Self.outOfOrder
        }
        try scram.verify(serverFinal: outcome)
        session.confirmServer()
    }

    private static var outOfOrder: ProtocolViolation {
        ProtocolViolation(.authentication, "authentication message out of order")
    }

    private static func refused(_ what: String, hint: String? = nil) -> PostgresError {
        PostgresError(
            .authenticationMethodRefused, "the server asks for \(what)", hint: hint, isConnectionUsable: false)
    }

    private static func authenticationError(_ error: any Error) -> PostgresError {
        switch error {
        case let error as PostgresError: error
        case let error as ProtocolViolation: PostgresError(error)
        case TransportError.cancelled: PostgresError(.cancelled, "the task was cancelled", isConnectionUsable: false)
        case is TransportError:
            PostgresError(
                .connectTimedOut, "the password could not be stretched within the time allowed",
                isConnectionUsable: false)
        case is FrontendMessageError:
            PostgresError(.configurationInvalid, "the password cannot hold a NUL", isConnectionUsable: false)
        default:
            PostgresError(
                .authenticationFailed, "the password could not be prepared: \(error)", isConnectionUsable: false)
        }
    }
}
