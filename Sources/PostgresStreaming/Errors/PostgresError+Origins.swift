import PostgresTransport
import PostgresWire

#if canImport(Glibc)
    import Glibc
#endif

extension PostgresError {
    /// Says what a violation means for the caller, also where it kept a connection from opening.
    init(_ violation: ProtocolViolation, isConnecting: Bool) {
        let code: Code =
            switch violation.kind {
            case .messageTooLarge: .messageTooLarge
            case .authentication: .serverNotVerified
            case .authenticationWork, .authenticationWeakness: .authenticationMethodRefused
            case .unframedRefusal: .connectRefusedByServer
            case .unsupportedVersion: .protocolVersionRefused
            case .malformedMessage, .unexpectedMessage, .unknownMessage, .foreignProtocol: .protocolViolation
            }
        guard isConnecting else {
            self.init(code, "connection closed: \(violation.message)", isConnectionUsable: false)
            return
        }
        let hint =
            switch violation.kind {
            case .authentication, .unsupportedVersion: nil as String?
            case .authenticationWork: "If the role's password was stored with so many, allow them with scramIterations."
            case .authenticationWeakness:
                "That would make the password cheap to guess for a server in disguise: verify the server with "
                    + "sslmode=verify-full, or allow fewer with unverifiedSCRAMIterationsMin."
            case .foreignProtocol: Self.hintOnForeignProtocol
            case .unframedRefusal: "The server may be out of memory or processes; its log says more."
            default: "What answers there may not be a Postgres server."
            }
        self.init(code, violation.message, hint: hint, isConnectionUsable: false)
    }

    /// Says why a message could not be sent. Nothing of it was.
    init(_ error: FrontendMessageError) {
        let reason =
            switch error {
            case .containsNUL: "text holds a NUL character, which Postgres cannot store"
            case .emptyName: "a startup parameter has no name"
            case .tooManyParameters: "it has more than 65535 parameters"
            case .wrongParameterCount: "a value was written as more or fewer than one parameter"
            case .tooManyAnswers: "too many answers of the server are outstanding"
            case .messageTooLarge: "it is longer than a gigabyte"
            }
        self.init(.queryInvalid, "cannot send the query: \(reason)")
    }

    /// Says how a connection that worked came to its end.
    ///
    /// - Parameter isCutOff: whether it was broken here, because its pool was closed.
    init(lost error: TransportError, isCutOff: Bool = false) {
        let reason: String
        switch error {
        case .cancelled:
            self.init(.cancelled, "the task was cancelled while it waited for the server")
            return
        case .timedOut:
            self.init(.queryTimedOut, "the server did not answer within the time allowed")
            return
        case _ where isCutOff:
            self = .poolClosedWhileLent
            return
        case .system(let call, let code): reason = "\(call): \(Self.text(code))"
        case .closedByPeer: reason = "the server closed the connection unexpectedly"
        case .unresolved(_, let text): reason = text
        case .unreachable(let tried): reason = Self.text(tried)
        case .tls(let failure): reason = failure.description
        }
        self.init(
            .connectionLost, "connection lost: \(reason)",
            hint: "The server may have crashed or the network failed; its log may say more.",
            isConnectionUsable: false)
    }

    /// For what answers in another protocol.
    static let hintOnForeignProtocol = "Check the host and the port."

    /// Says what the server reported while a session was under way.
    init(server fields: NoticeFields, isFatal: Bool) {
        self.init(
            PostgresNotice(fields, isFromVerifiedServer: true), isFatal ? .sessionEndedByServer : .server,
            isConnectionUsable: !isFatal)
    }

    /// Says what the server reported of a statement.
    init(statement fields: NoticeFields, hasLeftTransaction: Bool) {
        let error = PostgresError(server: fields, isFatal: false)
        guard hasLeftTransaction, error.sqlState == .inFailedSQLTransaction else {
            self = error
            return
        }
        self.init(
            .transactionLeft, "the transaction was failed by leaving a stream before its end",
            hint:
                "Read streams to their end inside a transaction, limit them in the SQL, or query with mode: .portal(). The block has to be rolled back: "
                + "withTransaction does so when its closure throws, and your own BEGIN needs a ROLLBACK.",
            server: error.server)
    }

    /// Says that a statement has to be prepared anew, which a transaction block does not allow.
    init(outdated error: PostgresError) {
        let isLost = error.sqlState == .invalidSQLStatementName
        self.init(
            .statementOutdated, "a prepared statement is out of date: \(error.message)",
            hint: isLost
                ? "Run the transaction again. Behind a pooler that changes servers set pooler to .transaction."
                : "Run the transaction again: the statement will be prepared anew.",
            server: error.server)
    }

    /// Says why the server let no session come about. Before authentication nobody knows who that server is.
    init(connecting fields: NoticeFields, isAuthenticated: Bool, hint: String?) {
        let notice = PostgresNotice(fields, isFromVerifiedServer: isAuthenticated)
        let isAboutLogin = notice.sqlState?.class == .invalidAuthorizationSpecification
        let code: Code = isAboutLogin ? .authenticationFailed : .connectRefusedByServer
        self.init(notice, code, hint: code == .authenticationFailed ? hint : nil, isConnectionUsable: false)
    }

    /// Says that the server answered the oldest version allowed with an error.
    init(refusing version: PostgresConfiguration.ProtocolVersion, _ error: PostgresError) {
        self.init(
            .protocolVersionRefused,
            "the server refuses protocol \(version.rawValue), the oldest allowed here: \(error.message)",
            server: error.server, isConnectionUsable: false)
    }

    /// Says which server it was that no session could be opened on.
    func connecting(to target: String) -> PostgresError {
        // A server that is not what was asked for was connected to.
        let problem = code == .targetSessionMismatch ? "could not use" : "could not connect to"
        return PostgresError(self, message: "\(problem) \(target): \(message)")
    }

    /// Says why none of the servers let a session in: as the last attempt ended, with the others in the message.
    init(attempts: [PostgresError]) {
        guard let last = attempts.last, attempts.count > 1, last.code != .cancelled else {
            self = attempts.last ?? PostgresError(.connectTimedOut, "could not connect: no time was left for it")
            return
        }
        self.init(
            connecting: last.code, attempts.map(\.message).joined(separator: "; "), hint: last.hint,
            server: last.server, isInterruption: last.isInterruption)
    }

    private init(_ notice: PostgresNotice, _ code: Code, hint: String? = nil, isConnectionUsable: Bool) {
        let text = notice.message ?? "the server reported an error without a message"
        self.init(code, text, hint: hint, server: notice, isConnectionUsable: isConnectionUsable)
    }

    /// Every address that was tried, with what became of it.
    static func text(_ tried: [UnreachableAddress], before prefix: String = "") -> String {
        guard !tried.isEmpty else { return "" }
        return prefix
            + tried.map { "\($0.address): \($0.code.map(text) ?? "no answer")" }.joined(separator: ", ")
    }

    static func text(_ code: Int32) -> String {
        unsafe String(cString: strerror(code)).lowercased()
    }
}
