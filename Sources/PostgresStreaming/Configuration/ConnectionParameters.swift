/// The values that hold for one connection: those of the connection string, and where it says nothing those of the
/// service file, of the environment and of libpq's defaults, in this order.
package struct ConnectionParameters {
    private var values: [ConnectionKeyword: String]

    /// Fills in what the string leaves open. Reads the service file, where one is named.
    package init(_ string: ConnectionString, _ environment: ConnectionEnvironment) throws(PostgresError) {
        values = string.values
        if let service = values[.service] ?? environment.variables["PGSERVICE"] {
            fill(from: try ServiceFile.find(service, in: environment).values)
            values[.service] = service
        }
        for keyword in ConnectionKeyword.all where values[keyword] == nil {
            values[keyword] = keyword.environmentVariable.flatMap { environment.variables[$0] }
        }
        if values[.sslmode] == nil, environment.variables["PGREQUIRESSL"]?.hasPrefix("1") == true {
            values[.sslmode] = "require"
        }
        if values[.sslmode] == nil, values[.sslrootcert] == "system" { values[.sslmode] = "verify-full" }
        if values[.user] == nil { values[.user] = environment.userName }
        guard !values.values.contains(where: { $0.utf8.contains(0) }) else {
            throw PostgresError(.configurationInvalid, "an environment variable holds a NUL character")
        }
        fill(from: Self.defaults)
    }

    /// The value for a keyword; nil where nothing gives one.
    package subscript(keyword: ConnectionKeyword) -> String? { values[keyword] }

    /// The value for a keyword, if it is more than an empty one.
    func nonEmpty(_ keyword: ConnectionKeyword) -> String? {
        values[keyword].flatMap { $0.isEmpty ? nil : $0 }
    }

    private mutating func fill(from others: [ConnectionKeyword: String]) {
        values.merge(others) { mine, _ in mine }
    }

    /// What libpq is built with.
    private static let defaults: [ConnectionKeyword: String] = [
        .channelBinding: "prefer", .port: "5432", .options: "", .sslmode: "prefer", .sslnegotiation: "postgres",
        .sslcompression: "0", .sslsni: "1", .sslMinProtocolVersion: "TLSv1.2", .targetSessionAttrs: "any",
        .loadBalanceHosts: "disable", .gssencmode: "prefer", .krbsrvname: "postgres", .gssdelegation: "0",
    ]
}

extension ConnectionParameters: CustomStringConvertible, CustomReflectable {
    /// The name only: a value may be a password.
    package var description: String { "ConnectionParameters(redacted)" }

    /// As the description.
    package var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
