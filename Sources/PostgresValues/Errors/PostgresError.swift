/// Everything that this library throws.
///
/// The message is one line in Postgres's own style. The library's own words never hold a password, a parameter's value
/// or a row. For an error that the server reports the message is the server's, and servers may quote a value in it, as
/// in `invalid input syntax for type integer: "abc"`; DETAIL, which quotes whole keys, is in `server` alone and no part
/// of a description. An error of connecting names host and port, once for each attempt. Two questions are answered for
/// every error: whether the connection can be used further, and whether running the same thing again is safe.
public struct PostgresError: Error, Sendable {
    // One reference, so that throwing costs a register on the paths that decode rows.
    private let storage: Storage

    private final class Storage: Sendable {
        let code: Code
        let message: String
        let hint: String?
        let server: PostgresNotice?
        let isConnectionUsable: Bool
        let decoding: DecodingContext?
        let transactionID: PostgresTransactionID?
        /// Whether what failed certainly had no effect, whatever the code.
        let isWithoutEffect: Bool
        let isInterruption: Bool
        /// Which of several statements the error is about, from 0; −1 for none.
        let statementIndex: Int

        init(
            code: Code, message: String, hint: String?, server: PostgresNotice?, isConnectionUsable: Bool,
            decoding: DecodingContext? = nil, transactionID: PostgresTransactionID? = nil,
            isWithoutEffect: Bool = false, isInterruption: Bool = false, statementIndex: Int = -1
        ) {
            self.statementIndex = statementIndex
            self.transactionID = transactionID
            self.isWithoutEffect = isWithoutEffect
            self.isInterruption = isInterruption
            self.code = code
            self.message = message
            self.hint = hint
            self.server = server
            self.isConnectionUsable = isConnectionUsable
            self.decoding = decoding
        }
    }

    /// Creates an error, also in decoders of your own; the connection counts as usable unless said otherwise, or the code
    /// says that there is none.
    public init(
        _ code: Code, _ message: String, hint: String? = nil, server: PostgresNotice? = nil,
        isConnectionUsable: Bool = true
    ) {
        storage = Storage(
            code: code, message: message, hint: hint, server: server,
            isConnectionUsable: isConnectionUsable && !code.isWithoutConnection)
    }

    /// Creates an error about a transaction that has a number.
    package init(
        _ code: Code, _ message: String, hint: String?, server: PostgresNotice?, transactionID: PostgresTransactionID?,
        isConnectionUsable: Bool
    ) {
        storage = Storage(
            code: code, message: message, hint: hint, server: server, isConnectionUsable: isConnectionUsable,
            transactionID: transactionID)
    }

    /// Says of an error that ended a transaction before its COMMIT that nothing of the transaction was done.
    package init(
        beforeCommit error: PostgresError, message: String? = nil, hint: String? = nil, isConnectionUsable: Bool
    ) {
        storage = Storage(
            code: error.code, message: message ?? error.storage.message, hint: hint ?? error.storage.hint,
            server: error.server, isConnectionUsable: isConnectionUsable && error.isConnectionUsable,
            decoding: error.decoding, isWithoutEffect: true, statementIndex: error.storage.statementIndex)
    }

    /// Creates an error about a connection that did not come to be.
    package init(
        connecting code: Code, _ message: String, hint: String? = nil, server: PostgresNotice? = nil,
        isInterruption: Bool
    ) {
        storage = Storage(
            code: code, message: message, hint: hint, server: server, isConnectionUsable: false,
            isInterruption: isInterruption)
    }

    /// Says of an error what became of its connection.
    package init(_ error: PostgresError, isConnectionUsable: Bool) {
        let storage = error.storage
        self.storage = Storage(
            code: storage.code, message: storage.message, hint: storage.hint, server: storage.server,
            isConnectionUsable: isConnectionUsable, decoding: storage.decoding, transactionID: storage.transactionID,
            isWithoutEffect: storage.isWithoutEffect, isInterruption: storage.isInterruption,
            statementIndex: storage.statementIndex)
    }

    /// Whether the connection was cut, so that the error says nothing of what the peer is able to do.
    package var isInterruption: Bool { storage.isInterruption }

    /// Copies an error and says something else of it.
    package init(_ error: PostgresError, message: String) {
        let storage = error.storage
        self.storage = Storage(
            code: storage.code, message: message, hint: storage.hint, server: storage.server,
            isConnectionUsable: storage.isConnectionUsable, decoding: storage.decoding,
            transactionID: storage.transactionID, isWithoutEffect: storage.isWithoutEffect,
            isInterruption: storage.isInterruption, statementIndex: storage.statementIndex)
    }

    /// Says of an error which of several statements, or rows of parameters, it is about; counted from 0.
    package init(_ error: PostgresError, ofStatement index: Int) {
        let storage = error.storage
        self.storage = Storage(
            code: storage.code, message: storage.message, hint: storage.hint, server: storage.server,
            isConnectionUsable: storage.isConnectionUsable, decoding: storage.decoding,
            transactionID: storage.transactionID, isWithoutEffect: storage.isWithoutEffect,
            isInterruption: storage.isInterruption, statementIndex: index)
    }

    /// Which statement of a pipeline or batch, or which row of `executeMany`, the error is about, counted from 0; nil where
    /// it is about none of several.
    public var statementIndex: Int? { storage.statementIndex < 0 ? nil : storage.statementIndex }

    /// The transaction of a `commitUnknown`, where it was tracked; see `PostgresConnection.outcome(of:)`.
    public var transactionID: PostgresTransactionID? { storage.transactionID }

    /// Copies an error and says where in a result it happened.
    init(_ error: PostgresError, in context: DecodingContext) {
        let storage = error.storage
        self.storage = Storage(
            code: storage.code, message: storage.message, hint: storage.hint, server: storage.server,
            isConnectionUsable: storage.isConnectionUsable, decoding: context,
            isWithoutEffect: storage.isWithoutEffect, statementIndex: storage.statementIndex)
    }

    /// What went wrong.
    public var code: Code { storage.code }

    /// The family of the code.
    public var category: Category { storage.code.category }

    /// What could not be done, in one line without a full stop; for a value that could not be decoded also where it
    /// stands.
    public var message: String {
        storage.decoding.map { storage.message + $0.text(behind: storage.message) } ?? storage.message
    }

    /// Which value of a result could not be decoded; nil for errors that are not about one value.
    public var decoding: DecodingContext? { storage.decoding }

    /// What to do about it, as a sentence.
    public var hint: String? { storage.hint ?? storage.server?.hint }

    /// The server's own words, where the server reported the error.
    public var server: PostgresNotice? { storage.server }

    /// The SQLSTATE, where the server sent one.
    public var sqlState: SQLState? { storage.server?.sqlState }

    /// Whether the connection on which this happened takes further queries: what the next call on it will find. Where a
    /// query was left on its way, it is known because the error waits for that, for a second at most; a server that
    /// does not answer by then loses the connection.
    ///
    /// After an error within a transaction block the connection is usable, but the block is not: end it first.
    public var isConnectionUsable: Bool { storage.isConnectionUsable }

    /// Whether the same call may be made again without the risk of doing its work twice.
    ///
    /// True where the statement certainly had no effect and another attempt may fare better: no connection was opened, for
    /// a reason that may pass, the server rolled back for a serialization failure or a deadlock, or a transaction lost its
    /// connection or ran out of time before its COMMIT. A transaction is retried as a whole. Not to be relied on for
    /// procedures and simple-mode scripts that commit on their way: they may have done part of it.
    public var isRetrySafe: Bool {
        switch code {
        case .connectionBusy, .statementOutdated, .poolTimedOut, .poolQueueFull, .poolOverloaded, .lockNotAvailable:
            true
        case .server: sqlState.map(SQLState.retrySafe.contains) ?? false
        default: storage.isWithoutEffect || isPassingFailureToConnect
        }
    }
}

extension PostgresError: CustomReflectable {
    /// Shows the description only, so that `dump` prints no DETAIL.
    public var customMirror: Mirror { Mirror(self, children: ["description": debugDescription]) }
}

extension PostgresError: CustomStringConvertible, CustomDebugStringConvertible {
    /// The message, with the SQLSTATE where there is one and the hint where there is one.
    public var description: String {
        var text = message
        if let sqlState { text += " (SQLSTATE \(sqlState))" }
        if let hint { text += ". \(hint)" }
        return text
    }

    /// The description with the code in front.
    public var debugDescription: String { "PostgresError.\(code): \(description)" }
}
