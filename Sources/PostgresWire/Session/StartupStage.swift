/// What a session that comes about waits for from the server.
package enum StartupStage: Hashable, Sendable {
    case authenticationRequest, passwordVerdict, challenge, serverSignature, verdict
    case tokenVerdict, tokenWish, tokenRefusal, parameters, readyForQuery
}

extension SessionStateMachine {
    /// What the server has to say next; nil where it is the client's turn, and once the session is ready.
    package var startupStage: StartupStage? {
        switch phase {
        case .authenticating(.request): .authenticationRequest
        case .authenticating(.passwordVerdict): .passwordVerdict
        case .authenticating(.saslChallenge): .challenge
        case .authenticating(.saslOutcome): .serverSignature
        case .authenticating(.saslVerdict): .verdict
        case .authenticating(.tokenVerdict): .tokenVerdict
        case .authenticating(.tokenWish): .tokenWish
        case .authenticating(.tokenRefused): .tokenRefusal
        case .starting: cancelKey == nil ? .parameters : .readyForQuery
        default: nil
        }
    }
}
