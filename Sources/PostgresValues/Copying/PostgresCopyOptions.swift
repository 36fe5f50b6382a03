/// What a COPY into a table may be told besides its format (manual: COPY).
public struct PostgresCopyOptions: Sendable {
    /// What the server does with a value that its column's type does not have.
    public enum ErrorAction: Hashable, Sendable {
        /// The statement fails.
        case stop
        /// The row is left out, and the next one is read. Servers from 17 on; not in the binary format.
        case ignore
    }

    /// How much the server says of rows that it leaves out. Servers from 17 on.
    public enum LogVerbosity: Hashable, Sendable {
        /// Their number, in a notice at the end.
        case standard
        /// A notice for each of them too; it has the value.
        case verbose
        /// Nothing. Servers from 18 on.
        case silent
    }

    /// Whether rows are frozen as they come. The table has to be made or emptied in the same transaction.
    public var freeze: Bool
    /// The condition on the rows that are kept; nil to keep all.
    ///
    /// It is SQL of the program, such as `"age >= 18"`; COPY takes no parameters.
    public var filter: PostgresQuery?
    /// What the server does with a value that its column's type does not have.
    public var onError: ErrorAction
    /// The most rows that are left out before the statement fails; nil for any number. Servers from 18 on, with
    /// `onError` at `ignore`.
    public var rejectLimit: Int?
    /// How much the server says of rows that it leaves out.
    public var logVerbosity: LogVerbosity

    /// Creates the options; those that are left out are the server's own.
    public init(
        freeze: Bool = false, where filter: PostgresQuery? = nil, onError: ErrorAction = .stop,
        rejectLimit: Int? = nil, logVerbosity: LogVerbosity = .standard
    ) {
        self.freeze = freeze
        self.filter = filter
        self.onError = onError
        self.rejectLimit = rejectLimit
        self.logVerbosity = logVerbosity
    }

    /// Checks the options by the rules of the server.
    func validate(for format: PostgresCopyFormat) throws(PostgresError) {
        guard onError == .stop || !format.isBinary else {
            throw .copyRefused("the binary format has no rows that can be left out", hint: "Use .text or .csv.")
        }
        guard let rejectLimit else { return }
        guard onError == .ignore else {
            throw .copyRefused("rejectLimit needs rows that are left out", hint: "Set onError to .ignore.")
        }
        guard rejectLimit > 0 else { throw .copyRefused("rejectLimit has to be greater than zero") }
    }
}
