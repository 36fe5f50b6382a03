/// What a connection string leaves open and the surroundings of a process answer: environment variables, the home
/// directory with its files, and the user's name.
public struct ConnectionEnvironment: Sendable {
    /// Environment variables by name; only those of libpq are looked at.
    public var variables: [String: String]
    /// Where `.pgpass`, `.pg_service.conf` and `.postgresql` are looked for; without it they are not.
    public var homeDirectory: String?
    /// Who connects where neither the string nor `PGUSER` says so.
    public var userName: String?
    /// Variables of the process that are set and are not UTF-8.
    private var unreadable: Set<String> = []

    /// Describes surroundings of one's own, such as those of a test.
    public init(variables: [String: String] = [:], homeDirectory: String? = nil, userName: String? = nil) {
        self.variables = variables
        self.homeDirectory = homeDirectory
        self.userName = userName
    }

    /// Those of this process at this moment.
    public static var process: ConnectionEnvironment {
        var variables: [String: String] = [:]
        var unreadable: Set<String> = []
        for name in names {
            switch System.variable(name) {
            case .absent: break
            case .text(let text): variables[name] = text
            case .notUTF8: unreadable.insert(name)
            }
        }
        var home = System.account?.home
        if case .text(let directory) = System.variable("HOME"), !directory.isEmpty { home = directory }
        var environment = ConnectionEnvironment(
            variables: variables, homeDirectory: home, userName: System.account?.name)
        environment.unreadable = unreadable
        return environment
    }

    /// The value of a variable; nil where it is not set.
    ///
    /// - Throws: `configurationInvalid` where the process has it with bytes that are not UTF-8: with those replaced it
    ///   would be another password, user or path.
    func value(of name: String) throws(PostgresError) -> String? {
        if let value = variables[name] { return value }
        guard !unreadable.contains(name) else {
            throw PostgresError(.configurationInvalid, "environment variable \(name) is not UTF-8")
        }
        return nil
    }

    /// Nothing at all: only the connection string counts.
    public static var none: ConnectionEnvironment { ConnectionEnvironment() }

    /// Every variable that means something here.
    private static var names: [String] {
        ConnectionKeyword.all.compactMap(\.environmentVariable)
            + RunTimeVariable.allCases.map(\.rawValue) + ["PGREQUIRESSL", "PGSERVICEFILE", "PGSYSCONFDIR"]
    }

    /// Variables that set a run-time parameter of the session.
    enum RunTimeVariable: String, CaseIterable {
        case dateStyle = "PGDATESTYLE"
        case timeZone = "PGTZ"
        case geqo = "PGGEQO"

        /// The parameter in the StartupMessage.
        var parameter: String {
            switch self {
            case .dateStyle: "DateStyle"
            case .timeZone: "TimeZone"
            case .geqo: "geqo"
            }
        }
    }
}

extension ConnectionEnvironment: CustomStringConvertible, CustomReflectable {
    /// The names of the variables; their values may be secret.
    public var description: String { "ConnectionEnvironment(\(variables.keys.sorted().joined(separator: ", ")))" }

    /// As the description.
    public var customMirror: Mirror { Mirror(self, children: ["variables": variables.keys.sorted()]) }
}
