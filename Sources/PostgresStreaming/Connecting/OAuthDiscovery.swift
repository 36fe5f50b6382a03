import PostgresTransport
import PostgresWire

/// What a server said of the tokens that it takes.
struct OAuthDiscovery: Hashable, Sendable {
    /// Where the issuer describes itself.
    let configurationURL: String
    /// The scope that a token needs.
    let scope: String?

    /// Reads a refusal.
    ///
    /// - Throws: `serverNotVerified` where it names another issuer than the one that was chosen: a token that one of them
    ///   gave out would end up with the other.
    init?(_ refusal: OAuthRefusal, of issuer: OAuthIssuer) throws(PostgresError) {
        guard let url = refusal.configurationURL else { return nil }
        let identifier: String
        do throws(OAuthIssuer.Problem) {
            identifier = try OAuthIssuer.identifier(describedAt: url)
        } catch {
            throw Self.unfit("the URL that it gives \(error.text)")
        }
        guard identifier == issuer.identifier else {
            throw Self.unfit("that is \"\(identifier)\" and not \"\(issuer.identifier)\"")
        }
        guard issuer.configurationURL ?? url == url else {
            throw Self.unfit("it describes the issuer at another address than oauth_issuer does")
        }
        configurationURL = url
        scope = refusal.scope
    }

    private static func unfit(_ problem: String) -> PostgresError {
        PostgresError(
            .serverNotVerified,
            "the server asks for a token of another issuer: \(problem)",
            hint: "The server's issuer in pg_hba.conf and oauth_issuer have to be the same, letter by letter.",
            isConnectionUsable: false)
    }
}

/// What servers have said of the tokens that they take, so that it is asked once and not for every connection.
enum OAuthMemory {
    struct Key: Hashable {
        let endpoint: PostgresConfiguration.Endpoint
        let issuer: OAuthIssuer
        /// Whether the server was known to be the right one. What another said does not count for those who insist.
        let isVerified: Bool
    }

    private static let known = Locked<[Key: OAuthDiscovery]>([:])
    /// Of four kilobytes at most each.
    private static let countMax = 256

    static func discovery(for key: Key) -> OAuthDiscovery? { known.withLock { $0[key] } }

    static func note(_ discovery: OAuthDiscovery, for key: Key) {
        known.withLock { known in
            if known.count >= countMax, known[key] == nil { known.removeAll() }
            known[key] = discovery
        }
    }

    static func forget(_ key: Key) { known.withLock { $0[key] = nil } }
}
