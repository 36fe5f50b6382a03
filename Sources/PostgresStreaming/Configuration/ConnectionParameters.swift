/// The values that hold for one connection: those of the connection string, and where it says nothing those of the
/// service file, of the environment and of libpq's defaults, in this order.
package struct ConnectionParameters {
    private var values: [ConnectionKeyword: String]
    /// Where values come from that are neither in the string nor a default.
    package private(set) var origins: [ConnectionKeyword: Origin] = [:]
    /// The keywords whose values are defaults.
    package private(set) var defaulted: Set<ConnectionKeyword> = []

    /// Fills in what the string leaves open. Reads the service file, where one is named.
    package init(_ string: ConnectionString, _ environment: ConnectionEnvironment) throws(PostgresError) {
        values = string.values
        try fillFromService(environment)
        for keyword in ConnectionKeyword.all where values[keyword] == nil {
            guard let name = keyword.environmentVariable, let value = try environment.value(of: name) else { continue }
            guard !value.utf8.contains(0) else {
                throw PostgresError(.configurationInvalid, "environment variable \(name) holds a NUL character")
            }
            values[keyword] = value
            origins[keyword] = .variable(name)
        }
        if values[.sslmode] == nil, try environment.value(of: "PGREQUIRESSL")?.hasPrefix("1") == true {
            values[.sslmode] = "require"
            origins[.sslmode] = .variable("PGREQUIRESSL")
        }
        if values[.sslmode] == nil, values[.sslrootcert] == "system" { values[.sslmode] = "verify-full" }
        if values[.user] == nil { values[.user] = environment.userName }
        defaulted = Set(Self.defaults.keys).subtracting(values.keys)
        values.merge(Self.defaults) { mine, _ in mine }
    }

    /// The value for a keyword; nil where nothing gives one.
    package subscript(keyword: ConnectionKeyword) -> String? { values[keyword] }

    /// The value for a keyword, if it is more than an empty one.
    func nonEmpty(_ keyword: ConnectionKeyword) -> String? {
        values[keyword].flatMap { $0.isEmpty ? nil : $0 }
    }

    private mutating func fillFromService(_ environment: ConnectionEnvironment) throws(PostgresError) {
        var name = values[.service]
        if name == nil { name = try environment.value(of: "PGSERVICE") }
        guard let name else { return }
        let file = try ServiceFile.find(name, in: environment)
        for (keyword, value) in file.values where values[keyword] == nil {
            values[keyword] = value
            origins[keyword] = .service(name, file: file.path)
        }
        values[.service] = name
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
