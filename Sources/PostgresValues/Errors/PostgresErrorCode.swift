extension PostgresError {
    /// What went wrong, as a name that stays. New names may come with any release: always have a default.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name, as in `PostgresError.Code.hostNotFound.description`.
        public let description: String
        /// The family it belongs to.
        public let category: Category

        private init(_ name: String, _ category: Category) {
            description = name
            self.category = category
        }

        /// A connection string or a configuration says something that cannot be followed.
        public static let configurationInvalid = Code("configurationInvalid", .configuration)
        /// The host's name has no address.
        public static let hostNotFound = Code("hostNotFound", .connection)
        /// No connection could be made: refused, unreachable, no such socket.
        public static let connectFailed = Code("connectFailed", .connection)
        /// The connection was not ready within the time allowed for it.
        public static let connectTimedOut = Code("connectTimedOut", .timeout)
        /// The server answered a connection attempt with an error that is not about the proof of identity: no such
        /// database, too many clients, starting up.
        public static let connectRefusedByServer = Code("connectRefusedByServer", .connection)
        /// No server is what `targetSession` asks for: a primary, a standby, one that writes or only reads.
        public static let targetSessionMismatch = Code("targetSessionMismatch", .connection)
        /// TLS is required and the server does not offer it, or the two sides could not agree on how to speak it.
        public static let tlsFailed = Code("tlsFailed", .tls)
        /// The server did not accept the user or the password.
        public static let authenticationFailed = Code("authenticationFailed", .authentication)
        /// The server asks for a way to authenticate that this client does not know or was not allowed to use.
        public static let authenticationMethodRefused = Code("authenticationMethodRefused", .authentication)
        /// The server wants a password or a token, and the provider gave none.
        public static let passwordUnavailable = Code("passwordUnavailable", .authentication)
        /// The server could not prove that it knows the password. It may not be the server it claims to be.
        public static let serverNotVerified = Code("serverNotVerified", .authentication)
        /// The peer's bytes are not allowed by the protocol; the connection is closed.
        public static let protocolViolation = Code("protocolViolation", .protocol)
        /// The server does not speak a protocol version that is allowed here.
        public static let protocolVersionRefused = Code("protocolVersionRefused", .protocol)
        /// A message is longer than the limit; nothing was allocated for it, and the connection is closed.
        public static let messageTooLarge = Code("messageTooLarge", .resourceLimit)
        /// The server reports an error; `server` has every field of it.
        public static let server = Code("server", .sql)
        /// The server ended the session with an error (terminated, shut down, crashed elsewhere); `server` says why.
        public static let sessionEndedByServer = Code("sessionEndedByServer", .connectionClosed)
        /// The connection was lost without a word from the server.
        public static let connectionLost = Code("connectionLost", .connectionClosed)
        /// The connection was closed on this side before the call.
        public static let connectionClosed = Code("connectionClosed", .connectionClosed)
        /// The connection is at work for somebody else: another call or an open stream.
        public static let connectionBusy = Code("connectionBusy", .connectionBusy)
        /// A stream was left inside a transaction block and too much was left of it to be read: it was cancelled, and a
        /// cancelled statement fails the block. Nothing is done until the block is ended.
        public static let transactionLeft = Code("transactionLeft", .sql)
        /// A transaction was to be committed in which a statement had failed: the server rolled it back.
        public static let transactionRolledBack = Code("transactionRolledBack", .sql)
        /// The connection was lost while a transaction was being committed, or the answer to that made no sense. All of its
        /// effects may be there, or none.
        public static let commitUnknown = Code("commitUnknown", .connectionClosed)
        /// The transaction or savepoint to which the call, or the stream, belongs is over.
        public static let transactionEnded = Code("transactionEnded", .invalidState)
        /// A statement that was kept prepared does not fit the server any more, because a table changed or the statement
        /// is gone, and a transaction block was open, so that it could not be prepared anew. The next time it is.
        public static let statementOutdated = Code("statementOutdated", .sql)
        /// A statement of a pipeline was not run, or was undone, because another one of the pipeline failed. It had no effect.
        public static let pipelineAborted = Code("pipelineAborted", .sql)
        /// Other sessions hold an advisory lock, and did so for all of the time that it was waited for.
        public static let lockNotAvailable = Code("lockNotAvailable", .timeout)
        /// The query, or the server's silence in the middle of it, took longer than the time allowed. It is cancelled.
        public static let queryTimedOut = Code("queryTimedOut", .timeout)
        /// The stream was paused for longer than its pause was to last.
        public static let pauseTimedOut = Code("pauseTimedOut", .timeout)
        /// The stream's memory limit does not allow for what comes next; nothing was allocated for it.
        public static let memoryLimitExceeded = Code("memoryLimitExceeded", .memoryLimitExceeded)
        /// More rows or bytes came than the call allows; the query was left.
        public static let resultTooLarge = Code("resultTooLarge", .resourceLimit)
        /// The query returned no row, or several, where one was expected.
        public static let unexpectedRowCount = Code("unexpectedRowCount", .deserialization)
        /// A call came where it makes no sense, such as a second iteration of one stream.
        public static let invalidState = Code("invalidState", .invalidState)
        /// The calling task was cancelled.
        public static let cancelled = Code("cancelled", .cancelled)
        /// The query cannot be sent: a NUL in its SQL, too many parameters, too long a message.
        public static let queryInvalid = Code("queryInvalid", .invalidState)
        /// A parameter's value cannot be sent as the type that it has on the server, such as a number that is too large or a
        /// text with a NUL.
        public static let parameterInvalid = Code("parameterInvalid", .invalidState)
        /// The query asks for something that this call cannot do, such as COPY.
        public static let unsupported = Code("unsupported", .invalidState)
        /// The column's type cannot be decoded into the Swift type without losing or guessing something.
        public static let typeMismatch = Code("typeMismatch", .deserialization)
        /// The cell is NULL and the Swift type is not optional.
        public static let unexpectedNull = Code("unexpectedNull", .deserialization)
        /// The cell's bytes are not a value of its type.
        public static let valueMalformed = Code("valueMalformed", .deserialization)
        /// The row has not the columns that were asked for.
        public static let columnMismatch = Code("columnMismatch", .deserialization)
        /// A file or a descriptor could not be read or written.
        public static let fileFailed = Code("fileFailed", .file)

        /// An entity has not one column of documents.
        public static let schemaInvalid = Code("schemaInvalid", .invalidSchema)
        /// A row has NULL in place of a document.
        public static let documentMissing = Code("documentMissing", .jsonDecode)
        /// A document is no JSON, or goes beyond the limits of documents.
        public static let documentMalformed = Code("documentMalformed", .jsonDecode)
        /// A document is JSON, but not what the Swift type needs.
        public static let documentMismatch = Code("documentMismatch", .deserialization)
        /// No connection of the pool became free in time.
        public static let poolTimedOut = Code("poolTimedOut", .pool)
        /// As many calls as may wait for a connection of the pool do so.
        public static let poolQueueFull = Code("poolQueueFull", .pool)
        /// The pool turns calls away because waiting takes too long; see `PostgresPoolConfiguration.overloadTarget`.
        public static let poolOverloaded = Code("poolOverloaded", .pool)
        /// The pool was closed.
        public static let poolClosed = Code("poolClosed", .pool)
        /// Every connection of the pool is lent to a task that itself waits for another one: none would ever get it.
        public static let leaseNested = Code("leaseNested", .pool)
        /// The connection or stream belongs to a lease that is over.
        public static let leaseEnded = Code("leaseEnded", .invalidState)

        /// Whether there is no connection, or none any more, whatever else is known.
        var isWithoutConnection: Bool {
            switch category {
            case .configuration, .connectionClosed, .tls, .authentication, .protocol: true
            default: [.hostNotFound, .connectFailed, .connectTimedOut, .connectRefusedByServer].contains(self)
            }
        }

        /// Every code of this release, for the guide's test and for documentation.
        public static let all: [Code] = [
            .configurationInvalid, .hostNotFound, .connectFailed, .connectTimedOut, .connectRefusedByServer,
            .targetSessionMismatch, .tlsFailed, .authenticationFailed, .authenticationMethodRefused,
            .passwordUnavailable, .serverNotVerified,
            .protocolViolation, .protocolVersionRefused, .messageTooLarge, .server, .sessionEndedByServer,
            .connectionLost, .connectionClosed, .connectionBusy, .transactionLeft, .transactionRolledBack,
            .commitUnknown, .transactionEnded, .statementOutdated, .pipelineAborted, .lockNotAvailable, .queryTimedOut,
            .pauseTimedOut,
            .memoryLimitExceeded, .resultTooLarge, .unexpectedRowCount, .invalidState, .cancelled, .queryInvalid,
            .parameterInvalid,
            .unsupported, .typeMismatch, .unexpectedNull, .valueMalformed, .columnMismatch, .fileFailed,
            .schemaInvalid, .documentMissing, .documentMalformed, .documentMismatch, .poolTimedOut,
            .poolQueueFull, .poolOverloaded, .poolClosed, .leaseNested, .leaseEnded,
        ]
    }

    /// A family of codes. New families may come with any release.
    public struct Category: Hashable, Sendable, CustomStringConvertible {
        /// The family's name.
        public let description: String

        private init(_ name: String) { description = name }

        /// No connection came about.
        public static let connection = Category("connection")
        /// Somebody's identity was not proven.
        public static let authentication = Category("authentication")
        /// Bytes that the protocol forbids.
        public static let `protocol` = Category("protocol")
        /// The server refused or failed a statement.
        public static let sql = Category("sql")
        /// The configuration cannot be followed.
        public static let configuration = Category("configuration")
        /// Cancelled by the caller.
        public static let cancelled = Category("cancelled")
        /// The connection is at work.
        public static let connectionBusy = Category("connectionBusy")
        /// A call that makes no sense at this point.
        public static let invalidState = Category("invalidState")
        /// The connection is gone.
        public static let connectionClosed = Category("connectionClosed")
        /// A value could not become the Swift type.
        public static let deserialization = Category("deserialization")
        /// A time limit passed.
        public static let timeout = Category("timeout")
        /// A stream would take more memory than it may.
        public static let memoryLimitExceeded = Category("memoryLimitExceeded")
        /// TLS could not be had.
        public static let tls = Category("tls")
        /// What is there is not laid out as it has to be.
        public static let invalidSchema = Category("invalidSchema")
        /// A document is no JSON.
        public static let jsonDecode = Category("jsonDecode")
        /// A file could not be read or written.
        public static let file = Category("file")
        /// A pool of connections had none to give.
        public static let pool = Category("pool")
        /// A limit on sizes or counts was reached.
        public static let resourceLimit = Category("resourceLimit")
    }
}
