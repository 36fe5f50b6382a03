import PostgresStreaming

/// One connection of a registry's document, with its templates and overlays merged and its references filled in.
public struct ConnectionProfile: Sendable {
    /// The name that it has in the document.
    public let name: String
    /// The environment whose overlay is part of it; nil for none.
    public let environment: String?
    /// What the document says of it, for people.
    public let summary: String?
    /// The labels of the document.
    public let labels: [String: String]
    /// The groups that it is a member of, in alphabetical order.
    public let groups: [String]
    /// Whether writing needs a confirmation by name; see `Registry.client(named:confirming:)`.
    public let isProtected: Bool
    /// Where it stands; nil for the connection `default` of the surroundings.
    public let place: RegistryPlace?
    /// Where to connect and as whom. The way through a tunnel is no part of it.
    public let configuration: PostgresConfiguration
    /// The settings of its pool.
    public let pool: PostgresPoolConfiguration
    /// The tunnel that leads to the server; nil for none.
    public let tunnel: TunnelSettings?

    let values: [String: ProfileValue]
    /// What libpq's keywords come to, defaults and service file included.
    let parameters: ConnectionParameters
    /// What a pool depends on: where two profiles agree in this, the pool of the one serves the other.
    let fingerprint: [String: Secret]

    /// What a caller has to repeat to write where the connection is protected: `environment/name`, or the name alone where
    /// there is no environment.
    public var confirmation: String { environment.map { "\($0)/\(name)" } ?? name }

    /// The secrets of the connection.
    var secrets: [Secret] { values.values.filter(\.isHidden).map(\.text) }
}

extension ConnectionProfile: CustomStringConvertible, CustomReflectable {
    /// Name, user, places and database.
    public var description: String { "\(name) (\(configuration))" }
    /// As the description.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
