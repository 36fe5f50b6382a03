/// The frontend's side of a session: what may be said, what may come, and what it means.
///
/// It holds no socket, clock, task or closure. Verbs append messages to `outbound`; `receive` takes the backend's
/// messages one by one, rows as counts, and says what each means. Whatever is not expected in the present phase is a
/// violation and ends the session: afterwards every call fails the same way.
package struct SessionStateMachine: ~Copyable {
    var phase = SessionPhase.initial

    /// What the server has still to answer of the extended flights that are under way, after `phase`'s step.
    var awaitedSteps = ExtendedSteps()
    /// Whether the simple query under way may be a COPY.
    private var isCopyWelcome = false

    /// How many Syncs were said, those included that the session says by itself after a COPY. A simple query counts as one,
    /// for ReadyForQuery ends it too.
    ///
    /// It is the number of the Sync that a flight said next belongs to, counted from 0.
    package internal(set) var syncsSaid = 0
    /// How many of them were answered by ReadyForQuery.
    ///
    /// It is the number of the Sync that the next event belongs to; that Sync's `ready` raises it.
    package internal(set) var syncsAnswered = 0
    /// How many `ready` events are still to come. Flights that have no Sync yet do not count.
    package var outstandingSyncs: Int { syncsSaid - syncsAnswered }

    /// The bytes to send.
    package var outbound = FrontendBuffer()

    /// What ReadyForQuery said last.
    package private(set) var transactionStatus = TransactionStatus.idle

    /// What a CancelRequest has to show; nil before the server told, and with servers that do not tell.
    package private(set) var cancelKey: BackendKeyData?

    /// The version that is spoken: at first what the client asked for, later what was agreed on.
    package private(set) var protocolVersion = ProtocolVersion.v3_0
    /// The oldest version that the client puts up with; nil once a version was agreed on.
    private(set) var oldestVersion: ProtocolVersion?

    /// Creates a session that has not said anything yet.
    package init() {}

    /// How many columns a row has that may come now; nil where none may come.
    package var columnCount: Int? {
        switch phase {
        case .extended(.rows(let columnCount)), .simple(.rows(let columnCount)),
            .extended(.limitedRows(let columnCount)):
            columnCount
        default: nil
        }
    }

    /// Whether the server has accepted this client; before that, and after the end, nothing it says is to be trusted.
    package var isAuthenticated: Bool {
        switch phase {
        case .initial, .authenticating, .ended: false
        default: true
        }
    }

    /// Whether the server has yet to say its first word of its own.
    package var awaitsGreeting: Bool { phase == .authenticating(.request) }

    /// Whether a verb may begin: nothing is outstanding. In a pipeline flights may be said before (`maySayMore`).
    package var isIdle: Bool { phase == .idle }

    /// Whether the running verb has said everything but that it is over.
    package var isFinishing: Bool { phase == .finishing }

    /// Whether the server skips everything after an error up to a Sync that was not said yet.
    package var awaitsOwnSync: Bool { phase == .skipping }

    /// Whether the session is over: nothing can be sent or received any more.
    package var hasEnded: Bool { phase == .ended }

    /// Ends the session without a word, because the transport failed or the caller gave up.
    package mutating func abandon() {
        phase = .ended
        outbound.dropSecrets()
    }

    /// Takes note of a version that both sides speak.
    mutating func agree(on version: ProtocolVersion) {
        protocolVersion = version
        oldestVersion = nil
    }

    // MARK: verbs

    /// Opens the session. The server may answer that it speaks an older version only, down to `oldestVersion`.
    package mutating func start(
        _ startup: StartupMessage, oldestVersion: ProtocolVersion = .v3_0
    ) throws(FrontendMessageError) {
        precondition(phase == .initial, "a session starts once")
        try outbound.append(startup)
        protocolVersion = startup.protocolVersion
        self.oldestVersion = oldestVersion
        phase = .authenticating(.request)
    }

    /// Answers a request for a password, in the clear or hashed.
    package mutating func sendPassword(_ message: PasswordMessage) throws(FrontendMessageError) {
        precondition(phase == .authenticating(.ownAnswer), "a password answers a request")
        try outbound.append(message)
        phase = .authenticating(.passwordVerdict)
    }

    /// Begins a SASL exchange.
    package mutating func sendSASLInitialResponse(_ message: SASLInitialResponse) throws(FrontendMessageError) {
        precondition(phase == .authenticating(.ownAnswer), "a SASL exchange answers a request")
        try outbound.append(message)
        phase = .authenticating(.saslChallenge)
    }

    /// Answers the server's SASL challenge.
    package mutating func sendSASLResponse(_ message: SASLResponse) throws(FrontendMessageError) {
        precondition(phase == .authenticating(.saslOwnResponse), "a SASL response answers a challenge")
        try outbound.append(message)
        phase = .authenticating(.saslOutcome)
    }

    /// Notes that the server proved that it knows the password. Only then will AuthenticationOk be believed.
    package mutating func confirmServer() {
        precondition(phase == .authenticating(.saslOwnVerification), "the server is verified by its last SASL data")
        phase = .authenticating(.saslVerdict)
    }

    /// Shows a bearer token by OAUTHBEARER; one that is empty asks which token the server wants, and cannot be accepted.
    package mutating func sendBearerToken(
        _ message: SASLInitialResponse, isEmpty: Bool
    ) throws(FrontendMessageError) {
        precondition(phase == .authenticating(.ownAnswer), "a token answers a request")
        try outbound.append(message)
        phase = .authenticating(isEmpty ? .tokenWish : .tokenVerdict)
    }

    /// Answers the reason why a token was refused.
    package mutating func sendBearerAcknowledgement(_ message: SASLResponse) throws(FrontendMessageError) {
        precondition(phase == .authenticating(.tokenOwnAcknowledgement), "a refusal is acknowledged once")
        try outbound.append(message)
        phase = .authenticating(.tokenRefused)
    }

    /// Runs one or several statements by the simple query protocol.
    ///
    /// - Parameter isCopyWelcome: whether the statements may be a COPY; by default it is refused.
    package mutating func startSimpleQuery(
        _ sql: String, isCopyWelcome: Bool = false
    ) throws(FrontendMessageError) {
        precondition(phase == .idle, "a query starts on an idle session")
        try outbound.append(Query(sql: sql))
        self.isCopyWelcome = isCopyWelcome
        syncsSaid += 1
        phase = .simple(.result)
    }

    /// Says good-bye; the server closes the connection.
    package mutating func terminate() {
        guard phase != .ended else { return }
        // A Terminate has no field that could fail to be encoded.
        try? outbound.append(Terminate())
        phase = .ended
    }

    // MARK: what the server says (rows do not come here: the deframer frames them where `columnCount` allows)

    /// Takes one message; nil where it means nothing to the outside.
    package mutating func receive(_ message: BackendMessage) throws(ProtocolViolation) -> SessionEvent? {
        do throws(ProtocolViolation) {
            if let event = try receiveAsynchronous(message) { return event }
            return try receiveExpected(message)
        } catch {
            phase = .ended
            throw error
        }
    }

    /// Errors, and the messages that may come at any time (manual: "Asynchronous Operations").
    private mutating func receiveAsynchronous(
        _ message: BackendMessage
    ) throws(ProtocolViolation) -> SessionEvent? {
        switch (phase, message) {
        case (.initial, _), (.ended, _):
            throw unexpected(message)
        case (_, .noticeResponse(let notice)):
            return .notice(notice.fields)
        case (.authenticating, _):
            guard case .errorResponse(let error) = message else { return nil }
            phase = .ended
            return .failed(error.fields, isFatal: true)
        case (_, .errorResponse(let error)):
            return try fail(error.fields)
        case (_, .parameterStatus(let status)):
            return .parameterChanged(status)
        case (_, .notificationResponse(let notification)):
            return .notified(notification)
        default:
            return nil
        }
    }

    private mutating func fail(_ fields: NoticeFields) throws(ProtocolViolation) -> SessionEvent {
        let isFatal = fields.severity == "FATAL" || fields.severity == "PANIC" || phase == .starting
        switch phase {
        case _ where isFatal:
            phase = .ended
        // An Execute may have been timed out though it was answered.
        case .extended, .unsynced:
            skipToSync()
        case .simple:
            phase = .finishing
        case .finishing, .skipping:
            break
        default:
            throw ProtocolViolation(.unexpectedMessage, "ErrorResponse message outside a query")
        }
        return .failed(fields, isFatal: isFatal)
    }

    private mutating func receiveExpected(_ message: BackendMessage) throws(ProtocolViolation) -> SessionEvent? {
        switch (phase, message) {
        case (.authenticating(let step), .authentication(let authentication)):
            return try receiveAuthentication(authentication.request, at: step)
        case (.authenticating(.request), .negotiateProtocolVersion(let answer)):
            try negotiate(answer)
            return nil
        case (.starting, .backendKeyData(let key)):
            guard protocolVersion > .v3_0 || key.secretKey.count == 4 else {
                throw ProtocolViolation(.malformedMessage, "BackendKeyData message holds a key of protocol 3.2")
            }
            cancelKey = key
            return nil
        case (.starting, .readyForQuery(let ready)):
            return becomeReady(ready)
        case (.finishing, .readyForQuery(let ready)):
            return finish(ready)
        case (.extended(let step), _):
            return try receiveExtended(message, at: step)
        case (.simple(let step), _):
            return try receiveSimple(message, at: step)
        default:
            throw unexpected(message)
        }
    }

    private mutating func receiveAuthentication(
        _ request: AuthenticationRequest, at step: SessionPhase.AuthenticationStep
    ) throws(ProtocolViolation) -> SessionEvent? {
        switch (step, request) {
        case (.request, .ok), (.passwordVerdict, .ok), (.saslVerdict, .ok), (.tokenVerdict, .ok):
            phase = .starting
            return .authenticated
        case (.saslChallenge, .saslContinue):
            phase = .authenticating(.saslOwnResponse)
        case (.saslOutcome, .saslFinal):
            phase = .authenticating(.saslOwnVerification)
        case (.tokenVerdict, .saslContinue), (.tokenWish, .saslContinue):
            phase = .authenticating(.tokenOwnAcknowledgement)
        case (_, .ok), (_, .saslContinue), (_, .saslFinal), (_, .gssContinue):
            throw ProtocolViolation(.authentication, "authentication message out of order")
        case (.request, _):
            phase = .authenticating(.ownAnswer)
        default:
            throw ProtocolViolation(.authentication, "server asks for another authentication in the middle of one")
        }
        return .authenticationRequested(request)
    }

    private mutating func receiveSimple(
        _ message: BackendMessage, at step: SessionPhase.SimpleStep
    ) throws(ProtocolViolation) -> SessionEvent? {
        switch (step, message) {
        case (.result, .rowDescription(let description)):
            phase = .simple(.rows(columnCount: description.columns.count))
            return .columns(description.columns)
        case (.copy(let step), _):
            return try receiveCopy(message, at: step)
        case (_, .commandComplete(let complete)):
            phase = .simple(.result)
            return .completed(complete.tag)
        case (.result, .emptyQueryResponse):
            return .emptyQuery
        case (.result, .readyForQuery(let ready)):
            return finish(ready)
        case (.result, _) where isCopyWelcome:
            return try beginCopy(message)
        case (.result, .copyInResponse):
            refuseCopyIn(andSync: false)
            return .copyRefused
        case (.result, .copyOutResponse):
            phase = .simple(.refusedCopyOut)
            return .copyRefused
        case (.refusedCopyOut, .copyData), (.refusedCopyOut, .copyDone):
            return nil
        default:
            throw unexpected(message)
        }
    }

    /// One Sync is answered; what was said after it comes next.
    mutating func finish(_ ready: ReadyForQuery) -> SessionEvent {
        syncsAnswered += 1
        let event = becomeReady(ready)
        if !awaitedSteps.isEmpty { goOn() }
        return event
    }

    private mutating func becomeReady(_ ready: ReadyForQuery) -> SessionEvent {
        transactionStatus = ready.status
        phase = .idle
        return .ready(ready.status)
    }

    func unexpected(_ message: BackendMessage) -> ProtocolViolation {
        ProtocolViolation(.unexpectedMessage, "\(message.name) message where it may not come")
    }
}
