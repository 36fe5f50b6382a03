/// Where a session stands: the small copyable half of the state machine.
enum SessionPhase: Hashable, Sendable {
    /// Nothing has been sent.
    case initial
    /// The StartupMessage is on its way, and so is what `AuthenticationStep` says.
    case authenticating(AuthenticationStep)
    /// AuthenticationOk came; parameters, the cancel key and ReadyForQuery follow.
    case starting
    /// ReadyForQuery came last.
    case idle
    /// An extended flight is on its way, and this is what the server answers next (manual: "Extended Query").
    case extended(ExtendedStep)
    /// A Query is on its way (manual: "Simple Query").
    case simple(SimpleStep)
    /// Nothing more is expected of this verb but ReadyForQuery.
    case finishing
    /// The server or a violation ended the session.
    case ended

    /// What authentication waits for. Nothing but SASL may follow once SASL began.
    enum AuthenticationStep: Hashable, Sendable {
        case request
        case ownAnswer
        case passwordVerdict
        case saslChallenge
        case saslOwnResponse
        case saslOutcome
        case saslOwnVerification
        case saslVerdict
        /// A bearer token was sent: it is accepted, or refused with a reason.
        case tokenVerdict
        /// The server was asked which token it wants, and can only refuse.
        case tokenWish
        case tokenOwnAcknowledgement
        /// The reason for a refusal was acknowledged. Only an error may follow.
        case tokenRefused
    }

    enum ExtendedStep: Hashable, Sendable {
        case closeComplete
        case parseComplete
        /// A statement is described by its parameters first, then by its columns.
        case parameterDescription
        case statementDescription
        case bindComplete
        /// A portal's columns, which say whether `rows` or `noRows` is the step behind it.
        case description
        case rows(columnCount: Int)
        case noRows
        case copyOut
    }

    enum SimpleStep: Hashable, Sendable {
        case result
        case rows(columnCount: Int)
        case copyOut
    }
}
