import PostgresStreaming

/// An SSH tunnel that leads to the servers of a connection.
public struct TunnelSettings: Sendable, Hashable {
    /// The host that the tunnel goes through.
    public let host: String
    /// The port of its SSH server: 22 by default.
    public let port: Int
    /// The user to log in as; nil for that of this process.
    public let user: String?
    /// The file of the private key; nil for those that `ssh` and its agent have.
    public let keyFile: String?
    /// The hosts on the way to `host`, each as `user@host:port`, the first one first.
    public let jumpHosts: [String]
    /// The file of host keys; nil for the one of `ssh`. A host that is not in it is refused.
    public let knownHostsFile: String?
    /// The time for opening the tunnel, as a part of the time for connecting. 10 seconds by default.
    public let connectTimeout: Duration
    /// After this silence the host is asked for a sign of life; after three that it does not give, the tunnel has failed. 15
    /// seconds by default.
    public let aliveInterval: Duration
    /// The ends of the tunnel, as the host sees them.
    let targets: [Target]

    /// One server at the end of a tunnel.
    struct Target: Sendable, Hashable {
        /// The name that certificate and password are for.
        let name: String
        /// What the SSH server connects to.
        let host: String
        let port: UInt16
    }

    /// Why there can be no such tunnel.
    struct Refusal: Error {
        let key: String
        let message: String
        var hint: String?
    }

    /// Reads the values of the section `ssh`.
    init(_ values: [String: ProfileValue], to endpoints: [PostgresConfiguration.Endpoint]) throws(Refusal) {
        func text(_ key: String) -> String? {
            values["ssh.\(key)"].map { $0.text.reveal() }.flatMap { $0.isEmpty ? nil : $0 }
        }
        func path(_ key: String) -> String? {
            guard let written = text(key), let place = values["ssh.\(key)"]?.setting.place else { return text(key) }
            let folder = place.file.lastIndex(of: "/").map { String(place.file[..<$0]) } ?? "."
            return FilePath.resolve(written, in: folder)
        }
        func time(_ key: String, default usual: Duration) -> Duration {
            guard case .duration(let time)? = text(key).flatMap({ SettingValue($0, as: .duration) }) else {
                return usual
            }
            return time
        }
        guard let host = text("host") else {
            throw Refusal(key: "ssh.host", message: "tunnel names no host", hint: "Write host: below ssh.")
        }
        self.host = host
        port = text("port").flatMap { Int($0) } ?? 22
        user = text("user")
        keyFile = path("key")
        knownHostsFile = path("known_hosts")
        jumpHosts = text("jump").map { $0.split(separator: ",").map(String.init) } ?? []
        connectTimeout = time("connect_timeout", default: .seconds(10))
        aliveInterval = time("alive_interval", default: .seconds(15))
        try Self.check(host, "ssh.host")
        if let user { try Self.check(user, "ssh.user") }
        for jump in jumpHosts { try Self.check(jump, "ssh.jump", also: "@:[]") }
        for (key, path) in [("ssh.key", keyFile), ("ssh.known_hosts", knownHostsFile)] {
            if let path { try Self.check(path: path, key) }
        }
        targets = try Self.targets(of: endpoints)
        for target in targets { try Self.check(target.host, "host") }
    }

    /// The most servers of one tunnel.
    static let hostsMax = 16

    private static func targets(of endpoints: [PostgresConfiguration.Endpoint]) throws(Refusal) -> [Target] {
        guard endpoints.count <= hostsMax else {
            throw Refusal(key: "host", message: "more than \(hostsMax) servers cannot share a tunnel")
        }
        var targets: [Target] = []
        for endpoint in endpoints {
            guard case .tcp(let host, let address, let port) = endpoint else {
                throw Refusal(
                    key: "host", message: "a tunnel cannot lead to a Unix-domain socket",
                    hint: "Write the server's host as the SSH host sees it, such as localhost.")
            }
            targets.append(Target(name: host.isEmpty ? address ?? "" : host, host: address ?? host, port: port))
        }
        return targets
    }

    private static func check(path: String, _ key: String) throws(Refusal) {
        guard path.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0 != "\"" && $0 != "$" }) else {
            throw Refusal(key: key, message: "value of \"\(key)\" is no path that ssh can be given")
        }
    }

    /// What stands in ssh's configuration must not be able to say more than it is.
    private static func check(_ text: String, _ key: String, also marks: String = "") throws(Refusal) {
        let isFine = text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "-_.:".unicodeScalars.contains(scalar) || marks.unicodeScalars.contains(scalar)
        }
        guard isFine, !text.hasPrefix("-"), text.utf8.count <= 255 else {
            throw Refusal(
                key: key, message: "value of \"\(key)\" holds a character that no name has, or begins with a hyphen")
        }
    }
}

extension TunnelSettings: CustomStringConvertible {
    /// `user@host:port`.
    public var description: String { (user.map { "\($0)@" } ?? "") + "\(host):\(port)" }
}
