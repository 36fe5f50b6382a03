/// Says why a throwaway server could not be found, set up, started or used.
///
/// No text in it holds a password. `detail` may hold the last lines of the server log.
public struct PostgresServerError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure, for code that decides what to do.
    ///
    /// New codes may come with new versions: handle the ones that you know, and treat all others alike.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        /// The name of the code, as in `binariesNotFound`.
        public let description: String

        /// No server programs of the wanted version are on this machine.
        public static let binariesNotFound = Code(description: "binariesNotFound")
        /// The options contradict themselves or hold a value that cannot be passed on to the server.
        public static let invalidOptions = Code(description: "invalidOptions")
        /// `initdb` failed.
        public static let initializationFailed = Code(description: "initializationFailed")
        /// The server ended before it accepted connections.
        public static let startFailed = Code(description: "startFailed")
        /// The server did not accept connections within the time limit, or `initdb` did not end within its own.
        public static let startTimedOut = Code(description: "startTimedOut")
        /// Another process listens on the server's TCP port.
        public static let portInUse = Code(description: "portInUse")
        /// The server was stopped for good; its directory no longer exists.
        public static let stopped = Code(description: "stopped")
        /// The operating system refused a call that the server needs.
        public static let system = Code(description: "system")
    }

    /// The kind of failure.
    public let code: Code
    /// One line, lower case: what could not be done.
    public let message: String
    /// Sentences or log lines that say more, if there are any.
    public let detail: String?
    /// What to do about it, if that is known.
    public let hint: String?

    /// The message, and below it the detail and the hint.
    public var description: String {
        var text = message
        if let detail { text += "\nDETAIL: \(detail)" }
        if let hint { text += "\nHINT: \(hint)" }
        return text
    }

    init(_ code: Code, _ message: String, detail: String? = nil, hint: String? = nil) {
        self.code = code
        self.message = message
        self.detail = detail
        self.hint = hint
    }
}
