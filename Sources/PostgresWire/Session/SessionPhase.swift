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
    /// Extended flights are on their way, and this is what the server answers next (manual: "Extended Query").
    case extended(ExtendedStep)
    /// Everything that was said has its answer, but no Sync was said yet.
    case unsynced
    /// After an error the server skips everything up to a Sync, and none was said yet.
    case skipping
    /// A Query is on its way (manual: "Simple Query").
    case simple(SimpleStep)
    /// Nothing more is expected of this verb but ReadyForQuery. Flights may have been said after it.
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
        /// The columns of a statement, or of a portal that is not executed next.
        case columnDescription
        case bindComplete
        /// The columns of the portal that is executed next, which say what its execution returns.
        case description
        case rows(columnCount: Int)
        /// An Execute with a row limit may end with PortalSuspended.
        case limitedRows(columnCount: Int)
        /// The statement may be a COPY, which is refused.
        case noRows
        /// An Execute with a row limit, until the description in front of it tells whether there are rows.
        case limited
        /// The statement may be a COPY, which is welcome. Nothing but `ownSync` follows.
        case mayCopy
        case refusedCopyOut
        case copy(CopyStep)
        /// ReadyForQuery, for a Sync that was said.
        case sync
        /// ReadyForQuery, for a Sync that the session says by itself once it is certain that no copy reads it.
        case ownSync
    }

    enum SimpleStep: Hashable, Sendable {
        case result
        case rows(columnCount: Int)
        case refusedCopyOut
        case copy(CopyStep)
    }

    /// Where a COPY stands that is welcome (manual: "COPY Operations").
    enum CopyStep: Hashable, Sendable {
        /// The client sends, until CopyDone or CopyFail.
        case input
        /// The client sent CopyFail: an error is the only answer.
        case failing
        /// The server sends, until CopyDone.
        case output
        /// Both send.
        case both
        /// Both sent, and the client is done.
        case bothClientDone
        /// Both sent, and the server is done.
        case bothServerDone
        /// All data was sent, and the end of the command follows.
        case done
    }
}
