/// Where a value of a connection comes from. What comes first here goes before what comes later.
public enum Provenance: Sendable, Hashable {
    /// The call that asked for the client.
    case callSite
    /// The overlay of an environment.
    case overlay(environment: String, RegistryPlace)
    /// The connection's own entry.
    case entry(RegistryPlace)
    /// A template; with an environment, that environment's overlay of it.
    case template(String, environment: String?, RegistryPlace)
    /// A section of libpq's service file.
    case serviceFile(section: String, file: String)
    /// An environment variable of libpq. Of a document's entries none is.
    case variable(String)
    /// The account of the operating system: the user's name where nothing gives one.
    case account
    /// The usual value.
    case `default`

    init(_ setting: Setting) {
        guard let place = setting.place else {
            self = .callSite
            return
        }
        switch setting.layer {
        case .callSite: self = .callSite
        case .overlay(let environment): self = .overlay(environment: environment, place)
        case .entry: self = .entry(place)
        case .template(let name, let environment): self = .template(name, environment: environment, place)
        }
    }
}

extension Provenance: CustomStringConvertible {
    /// The place where there is one, and what stands there.
    public var description: String {
        switch self {
        case .callSite: "call site"
        case .overlay(let environment, let place): "\(place) environment \"\(environment)\""
        case .entry(let place): "\(place)"
        case .template(let name, nil, let place): "\(place) template \"\(name)\""
        case .template(let name, let environment?, let place):
            "\(place) template \"\(name)\" of environment \"\(environment)\""
        case .serviceFile(let section, let file): "service file \"\(file)\", section \"\(section)\""
        case .variable(let name): "environment variable \(name)"
        case .account: "account of the operating system"
        case .default: "default"
        }
    }
}
