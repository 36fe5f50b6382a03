import PostgresWire

/// On which path a session looks up names and as which role, as far as that is known here: what it began with, what the
/// server reports, and what commands have changed since.
struct SearchPath {
    private enum Change {
        case none
        /// The commands that changed it.
        case commands(String)
        /// Something changed it in a way that cannot be told.
        case unknown
    }

    private let beginning: String
    private var reported = "" {
        didSet { if reported != oldValue { generation += 1 } }
    }
    private var change = Change.none

    /// How often the path has become another that is known. What is not known counts as what was known last: where each
    /// transaction sets its own path, nothing could be remembered otherwise.
    private(set) var generation = 0

    init(beginning: String = "") { self.beginning = beginning }

    /// What tells sessions apart that look up names differently; nil where that is not known.
    var name: String? {
        switch change {
        case .none: "\(beginning)\n\(reported)"
        case .commands(let commands): "\(beginning)\n\(reported)\n\(commands)"
        case .unknown: nil
        }
    }

    /// The session is as it began.
    mutating func reset() {
        if case .none = change { return }
        change = .none
        generation += 1
    }

    /// Something may have changed it of which nothing is known.
    mutating func noteUnknown() { change = .unknown }

    /// The server reports the path, which newer ones do.
    mutating func note(_ status: ParameterStatus) {
        if status.name == "search_path" { reported = status.value }
    }

    /// A command has run.
    ///
    /// - Parameters:
    ///   - sql: its text; nil where that is not known.
    ///   - isLasting: whether the change stays, and does not end with a transaction.
    mutating func note(command tag: String, _ sql: String?, isLasting: Bool) {
        guard tag != "DISCARD ALL" else { return reset() }
        guard let sql, sql.utf8.count <= Self.commandBytesMax else {
            change = .unknown
            return
        }
        let text = sql.lowercased()
        guard Self.words.contains(where: text.contains) else { return }
        switch change {
        case .none where isLasting && !text.contains("local"):
            change = .commands(sql)
            generation += 1
        case .commands(let commands)
        where isLasting && !text.contains("local") && commands.utf8.count + sql.utf8.count <= Self.commandBytesMax:
            change = .commands("\(commands)\n\(sql)")
            generation += 1
        default: change = .unknown
        }
    }

    /// What is named in commands that change the path or the role.
    private static let words = ["search_path", "schema", "role", "authorization", " all"]
    private static let commandBytesMax = 1 << 10
}
