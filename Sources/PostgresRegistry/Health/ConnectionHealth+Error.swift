import PostgresStreaming

extension ConnectionProbe {
    /// What an error of connecting says of how the connection stands.
    static func state(of error: PostgresError) -> ConnectionHealth.State {
        if error.message.contains("the SSH tunnel") { return .tunnelFailed }
        if let state = error.sqlState.flatMap({ state(of: $0, error.message) }) { return state }
        switch error.code {
        case .connectTimedOut, .queryTimedOut: return .silent
        case .hostNotFound: return .hostUnknown
        case .connectFailed: return error.message.contains("connection refused") ? .refused : .unreachable
        case .connectionLost, .protocolViolation: return .unreachable
        case .passwordUnavailable: return .wrongPassword
        case .authenticationFailed, .authenticationMethodRefused: return .loginRefused
        case .tlsFailed, .serverNotVerified: return .tlsFailed
        case .configurationInvalid: return .misconfigured
        default: return .failed
        }
    }

    private static func state(of code: SQLState, _ message: String) -> ConnectionHealth.State? {
        switch code.description {
        case "28P01": .wrongPassword
        case "28000": .loginRefused
        case "3D000": .missingDatabase
        case "53300": .tooManyClients
        case "57P01", "57P02": .shuttingDown
        case "57P03":
            message.contains("starting up")
                ? .starting : message.contains("shutting down") ? .shuttingDown : .inRecovery
        // PgBouncer says all of these by the code of a protocol violation.
        case "08P01":
            if message.contains("password") {
                .wrongPassword
            } else if message.contains("no such database") || message.contains("does not exist") {
                .missingDatabase
            } else if message.contains("no more connections") {
                .tooManyClients
            } else {
                nil
            }
        default: nil
        }
    }
}
