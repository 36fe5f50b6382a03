import PostgresWire

extension PostgresConfiguration {
    /// How to log in with a bearer token (manual: "OAuth Authorization/Authentication"), at servers from PostgreSQL 18
    /// on. The token itself comes from `tokenProvider`.
    public struct OAuth: Hashable, Sendable {
        /// The one authorization server whose tokens are used (`oauth_issuer`): its identifier, or the address of its
        /// description, which holds `/.well-known/`. It begins with `https://`. A server that names another issuer is
        /// refused. With an address, nothing has to be asked of the server before there is a token.
        public var issuer: String?
        /// What the authorization server calls this client (`oauth_client_id`), for the provider to use.
        public var clientID: String?
        /// The secret that belongs to it (`oauth_client_secret`), for the provider to use. It is never sent to a
        /// Postgres server, and never shows.
        public var clientSecret: String?
        /// What a token has to allow (`oauth_scope`), as words parted by spaces; nil for what the server asks for.
        public var scope: String?

        /// Creates the settings.
        public init(
            issuer: String? = nil, clientID: String? = nil, clientSecret: String? = nil, scope: String? = nil
        ) {
            self.issuer = issuer
            self.clientID = clientID
            self.clientSecret = clientSecret
            self.scope = scope
        }
    }

    /// For whom a token is asked, and of which authorization server.
    public struct TokenRequest: Hashable, Sendable {
        /// Where the connection goes to.
        public let endpoint: Endpoint
        /// The role that logs in.
        public let user: String
        /// The database.
        public let database: String
        /// The identifier of the authorization server. A token of another one must not be given.
        public let issuer: String
        /// Where the authorization server describes itself, which belongs to the issuer.
        public let configurationURL: String
        /// `OAuth.clientID`.
        public let clientID: String?
        /// `OAuth.clientSecret`.
        public let clientSecret: String?
        /// What the token has to allow: `OAuth.scope`, else what the server asks for. The server's words are not to be
        /// trusted further than the connection is.
        public let scope: String?
    }

    /// A token that is as good as a password to those who have it (RFC 6750). What is made of it is overwritten in
    /// memory after use, and it shows nowhere.
    public struct BearerToken: Hashable, Sendable {
        let bytes: SecretBytes

        /// Takes a copy of a token's text, which itself cannot be overwritten.
        public init(_ text: String) { self.init(bytes: Array(text.utf8)) }

        /// Takes a copy of a token's bytes.
        public init(bytes: [UInt8]) { self.bytes = SecretBytes(copying: bytes) }
    }

    /// Gives a token. What it throws fails the connection with `passwordUnavailable`, and is in no error's text.
    public typealias TokenProvider = @Sendable (TokenRequest) async throws -> BearerToken
}

extension PostgresConfiguration {
    /// The issuer, where the configuration has all that a login with a token needs.
    var tokenIssuer: OAuthIssuer? {
        guard tokenProvider != nil, let issuer = oauth.issuer else { return nil }
        return try? OAuthIssuer(setting: issuer)
    }

    func checkOAuth() throws(PostgresError) {
        guard let issuer = oauth.issuer, !issuer.isEmpty else { return }
        do throws(OAuthIssuer.Problem) {
            _ = try OAuthIssuer(setting: issuer)
        } catch {
            throw PostgresError(.configurationInvalid, "oauth_issuer \(error.text)")
        }
    }
}

extension OAuthIssuer.Problem {
    /// As it stands after the name of the URL.
    var text: String {
        switch self {
        case .notHTTPS: "is no URL that begins with \"https://\""
        case .hasQuery: "has a query or a fragment"
        case .notWellKnown:
            "has \"/.well-known/\" in it and is not the address of an authorization server's description"
        }
    }
}

extension PostgresConfiguration.OAuth: CustomStringConvertible, CustomReflectable {
    /// The issuer and the scope; nothing that may be secret.
    public var description: String { "OAuth(issuer: \(issuer ?? "none"), scope: \(scope ?? "none"))" }

    /// As the description.
    public var customMirror: Mirror { Mirror(self, children: ["issuer": issuer ?? "none", "scope": scope ?? "none"]) }
}

extension PostgresConfiguration.TokenRequest: CustomStringConvertible, CustomReflectable {
    /// For whom and of whom; nothing that may be secret.
    public var description: String { "TokenRequest(\(user)@\(endpoint)/\(database), \(configurationURL))" }

    /// As the description.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}

extension PostgresConfiguration.BearerToken: CustomStringConvertible, CustomReflectable {
    /// Shows nothing of the token.
    public var description: String { "BearerToken(redacted)" }

    /// As the description.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
