import PostgresWire

/// What a connection that comes about waits for; an error that says that time ran out names it.
enum ConnectStep: Hashable, Sendable {
    case nameLookup, opening, encryptionAnswer, handshake, passwordProvider, passwordFile, passwordHashing
    case tokenProvider
    case startup(StartupStage)

    /// As it stands behind "while".
    var description: String {
        switch self {
        case .nameLookup: "looking up the host's name"
        case .opening: "opening the connection"
        case .encryptionAnswer: "waiting for the answer to the TLS request"
        case .handshake: "negotiating TLS"
        case .passwordProvider: "waiting for the password provider"
        case .passwordFile: "reading the password file"
        case .passwordHashing: "hashing the password"
        case .tokenProvider: "waiting for the token provider"
        case .startup(.tokenVerdict), .startup(.tokenRefusal): "waiting for the verdict on the token"
        case .startup(.tokenWish): "waiting for the server to say which token it wants"
        case .startup(.authenticationRequest): "waiting for an authentication request"
        case .startup(.challenge): "waiting for the SCRAM challenge"
        case .startup(.serverSignature): "waiting for the server's SCRAM signature"
        case .startup(.passwordVerdict), .startup(.verdict): "waiting for the verdict on the password"
        case .startup(.parameters): "waiting for the server's parameters"
        case .startup(.readyForQuery): "waiting for the server to be ready"
        }
    }
}

extension ConnectStep {
    /// What an attempt that failed here with this error was at, for metrics.
    func phase(of error: PostgresError) -> ConnectPhase {
        if error.category == .authentication, error.code != .serverNotVerified { return .authentication }
        return switch self {
        case .nameLookup: .nameLookup
        case .opening: .opening
        case .encryptionAnswer, .handshake: .tls
        case .startup(.parameters), .startup(.readyForQuery): .startup
        case .passwordProvider, .passwordFile, .passwordHashing, .tokenProvider, .startup: .authentication
        }
    }
}
