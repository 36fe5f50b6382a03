import PostgresWire

/// What gives a session back the state in which it began: what DISCARD ALL stands for (manual: "DISCARD"), but for the
/// prepared statements and their plans.
///
/// It is sent when a lease ends, so that locks, channels, cursors and temporary tables are gone at once, and its answer is
/// read when the connection is used again. Its commands are prepared with the first reset of a connection.
struct SessionReset {
    private var names: [String] = []
    /// How often everything was taken from the server when the commands were prepared.
    private var generation = 0
    /// Whether the answer to a reset has not been read whole.
    private(set) var isUnderWay = false
    /// Whether a reset was sent of which nothing is known yet to the one who lends the connection.
    private(set) var isUnsettled = false
    private var error: PostgresError?

    /// First those that end the rights and the time limits under which the others would run.
    private static let commands = [
        "SET SESSION AUTHORIZATION DEFAULT", "RESET ALL", "CLOSE ALL", "UNLISTEN *",
        // No row comes back, because a function that returns nothing does not return NULL.
        "SELECT FROM (SELECT) AS one WHERE pg_catalog.pg_advisory_unlock_all() IS NULL",
        "DISCARD SEQUENCES", "DISCARD TEMP",
    ]

    /// The same as one text.
    static let sql = commands.joined(separator: "; ")

    /// Returns what is to be sent.
    mutating func begin(_ statements: StatementCache) -> ExtendedFlight {
        isUnderWay = true
        isUnsettled = true
        error = nil
        statements.searchPath.reset()
        var flight = ExtendedFlight()
        for name in statements.takeForgottenNames() { flight.close(statement: name) }
        guard statements.keepsStatements else {
            for command in Self.commands { flight.run(command: command) }
            return flight
        }
        if names.isEmpty || generation != statements.generation {
            names = Self.commands.map { _ in statements.nextName() }
            generation = statements.generation
            for (name, command) in zip(names, Self.commands) { flight.parse(command, as: name) }
        }
        for name in names { flight.run(statement: name, BoundParameters(), resultFormats: [], result: .noRows) }
        return flight
    }

    /// Takes in what the server says of a reset that is under way.
    mutating func note(_ event: SessionEvent) {
        guard isUnderWay else { return }
        switch event {
        case .failed(let fields, _): if error == nil { error = PostgresError(server: fields, isFatal: false) }
        case .ready:
            isUnderWay = false
            if error != nil { names.removeAll() }
        default: break
        }
    }

    /// Settles a reset that ended.
    ///
    /// - Returns: why it failed; nil where it did not.
    mutating func settle() -> PostgresError? {
        defer { error = nil }
        isUnsettled = false
        return error
    }
}
