import PostgresWire

extension PostgresConfiguration {
    /// A way to prove the user's identity, as the connection string's `require_auth` names them.
    public enum AuthenticationMethod: String, Hashable, Sendable, CaseIterable {
        /// The server asks for nothing.
        case none
        /// The password in the clear.
        case password
        /// The password hashed with MD5, which is broken.
        case md5
        /// SCRAM-SHA-256, which also makes the server prove itself.
        case scramSHA256 = "scram-sha-256"
        /// GSSAPI, which this library does not have: allowing it has no effect.
        case gss
        /// SSPI, which this library does not have: allowing it has no effect.
        case sspi
        /// A bearer token, shown to the server by OAUTHBEARER; see `PostgresConfiguration.OAuth`.
        case oauth
    }

    /// Whether SCRAM is bound to the TLS connection (libpq's `channel_binding`), so that nobody can sit in between.
    public enum ChannelBindingMode: String, Hashable, Sendable, CaseIterable {
        /// It is not bound.
        case disable
        /// It is bound where TLS and the server allow it.
        case prefer
        /// It is bound, or there is no connection.
        case require
    }

    /// For whom a password is asked.
    public struct PasswordRequest: Hashable, Sendable {
        /// Where the connection goes to.
        public let endpoint: Endpoint
        /// The role that logs in.
        public let user: String
        /// The database.
        public let database: String
    }

    /// Gives a password, or a token that stands for one. What it throws fails the connection with `passwordUnavailable`, and is in no error's
    /// text.
    public typealias PasswordProvider = @Sendable (PasswordRequest) async throws -> String

    /// The keys that SCRAM derives from a password, for those who may log in with them and need not know the password
    /// itself (libpq's `scram_client_key` and `scram_server_key`). They fit one role and its present password on one
    /// server, and are as secret as it.
    public struct SCRAMKeys: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
        let keys: PostgresWire.SCRAMKeys

        /// Takes a copy of the keys, of 32 bytes each; nil for another length.
        public init?(clientKey: [UInt8], serverKey: [UInt8]) {
            guard clientKey.count == 32, serverKey.count == 32 else { return nil }
            keys = PostgresWire.SCRAMKeys(
                clientKey: SecretBytes(copying: clientKey), serverKey: SecretBytes(copying: serverKey))
        }

        /// Shows nothing of the keys.
        public var description: String { "SCRAMKeys(redacted)" }

        /// As the description.
        public var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
    }
}
