extension PostgresError {
    /// Whether every further attempt to connect would meet this error too, until somebody changes the configuration, the
    /// server's rules or its certificate.
    ///
    /// Everything else is taken to pass by itself: a server that restarts, is short of memory or connections, or is not
    /// reached. It decides how long a pool and `withRetryingTransaction` go on trying to connect.
    package var isLasting: Bool {
        switch code {
        case .connectRefusedByServer: isLastingRefusal
        case .tlsFailed: !isInterruption
        // Of a statement that a pool's hook runs on every new connection.
        case .server: !isRetrySafe
        case .configurationInvalid, .authenticationFailed, .authenticationMethodRefused, .serverNotVerified,
            .protocolVersionRefused, .protocolViolation, .messageTooLarge, .unsupported, .queryInvalid, .invalidState:
            true
        default: false
        }
    }

    /// Whether a server refuses a session for a reason that does not pass.
    private var isLastingRefusal: Bool {
        guard let sqlState else { return false }
        if sqlState == .protocolViolation { return isLastingRefusalOfPooler }
        return Self.lastingRefusals.contains(sqlState) || Self.lastingRefusalClasses.contains(sqlState.class)
    }

    /// A database that is not there, and what the server does not have.
    private static let lastingRefusals: Set<SQLState> = [.invalidCatalogName, .featureNotSupported]
    /// Parameters with values they cannot have, rules of access, names and privileges.
    private static let lastingRefusalClasses: Set<SQLState.Class> = [
        .dataException, .invalidAuthorizationSpecification, .syntaxErrorOrAccessRuleViolation,
    ]

    /// PgBouncer has one SQLSTATE for everything; what it says of the configuration does not pass.
    private var isLastingRefusalOfPooler: Bool {
        guard let message = server?.message else { return false }
        return Self.lastingWordsOfPooler.contains { message.hasPrefix($0) }
    }

    private static let lastingWordsOfPooler = ["no such database", "no such user", "unsupported startup parameter"]

    /// Whether no connection was opened, so that nothing can have had an effect.
    private var isAboutConnecting: Bool {
        switch code {
        case .hostNotFound, .connectFailed, .connectTimedOut, .connectRefusedByServer, .targetSessionMismatch,
            .tlsFailed,
            .passwordUnavailable:
            true
        default: false
        }
    }

    /// Whether no connection was opened, and another attempt may fare better.
    package var isPassingFailureToConnect: Bool { isAboutConnecting && !isLasting }

    /// Whether the host or the server answered at once, so that asking again soon costs little.
    package var isAnswered: Bool {
        switch code {
        case .connectFailed, .connectRefusedByServer, .targetSessionMismatch, .tlsFailed: !isLasting
        default: false
        }
    }
}
