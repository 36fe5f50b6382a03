import PostgresRegistry
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Reads documents without anything of this machine: no home directory, no variables but those given.
func read(
    _ text: String, environment: String? = nil, variables: [String: String] = [:],
    _ change: (inout RegistryOptions) -> Void = { _ in }
) async throws(RegistryError) -> RegistryDocument {
    var options = RegistryOptions()
    options.environment = environment
    options.variables = variables
    options.homeDirectory = "/nonexistent"
    change(&options)
    return try await RegistryDocument.read(.text(text, name: "doc.yaml"), options: options)
}

/// What is wrong with a document, each problem on a line of its own.
func problems(
    _ text: String, environment: String? = nil, variables: [String: String] = [:],
    _ change: (inout RegistryOptions) -> Void = { _ in }
) async -> [String] {
    do throws(RegistryError) {
        _ = try await read(text, environment: environment, variables: variables, change)
        return []
    } catch {
        return error.problems.map(\.description)
    }
}

extension RegistryDocument {
    /// The value of a key and where it comes from.
    func value(_ key: String, of name: String) throws -> String {
        let value = try #require(try explain(name)[key], "\(key)")
        return "\(value.text) | \(value.provenance)"
    }
}

extension PostgresServer {
    /// The lines of an entry that leads to this server by TCP.
    nonisolated func entry(indent: Int = 4, password: String? = nil, database: String = "postgres") -> String {
        [
            "host: \(host)", "port: \(port)", "user: \(user)", "password: '\(password ?? self.password)'",
            "dbname: \(database)", "sslmode: disable",
        ].map { String(repeating: " ", count: indent) + $0 + "\n" }.joined()
    }
}
