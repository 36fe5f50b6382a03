import Glibc
import PostgresStreaming

/// What the surroundings of a process contribute to a registry: its environment variables and the home directory.
struct Surroundings: Sendable {
    /// The variables in place of the process's.
    private let variables: [String: String]?
    /// Where `~`, `.pgpass`, `.pg_service.conf` and `.postgresql` are looked for.
    let homeDirectory: String?
    /// The role for entries that name none.
    let userName: String?
    /// Where `pgsluice.yaml` is looked for; nil for the working directory of the process.
    let workingDirectory: String?

    init(_ options: RegistryOptions) {
        variables = options.variables
        let process = ConnectionEnvironment.process
        homeDirectory = options.homeDirectory ?? process.homeDirectory
        userName = process.userName
        workingDirectory = options.workingDirectory
    }

    /// The value of an environment variable; nil where it is not set.
    func variable(_ name: String) throws(RegistryError) -> String? {
        if let variables { return variables[name] }
        guard let value = unsafe getenv(name) else { return nil }
        guard let text = unsafe String(validatingCString: value) else {
            throw RegistryError(.documentInvalid, "environment variable \(name) is not UTF-8")
        }
        return text
    }

    /// What entries of a document are read with: no environment variable of libpq changes them.
    var forEntries: ConnectionEnvironment {
        ConnectionEnvironment(variables: [:], homeDirectory: homeDirectory, userName: userName)
    }

    /// What the connection `default` is read with where there is no document.
    var forDefault: ConnectionEnvironment {
        guard let variables else { return .process }
        return ConnectionEnvironment(variables: variables, homeDirectory: homeDirectory, userName: userName)
    }
}
