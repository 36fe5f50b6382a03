/// A keyword of connection strings, as libpq names them (manual: "Parameter Key Words").
public struct ConnectionKeyword: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The keyword as it stands in a connection string.
    public let rawValue: String

    /// Names a keyword; whether there is such a one shows when it is used.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    private init(_ name: String) {
        rawValue = name
    }

    /// The keyword.
    public var description: String { rawValue }
}

extension ConnectionKeyword {
    /// The section of a service file that holds further keywords.
    public static let service = Self("service")
    /// The role to log in as.
    public static let user = Self("user")
    /// The password.
    public static let password = Self("password")
    /// The file in which passwords are looked up.
    public static let passfile = Self("passfile")
    /// Whether authentication is bound to the TLS connection.
    public static let channelBinding = Self("channel_binding")
    /// Seconds that one host may take to connect.
    public static let connectTimeout = Self("connect_timeout")
    /// The database.
    public static let dbname = Self("dbname")
    /// Host names, addresses or socket directories, separated by commas.
    public static let host = Self("host")
    /// Numeric addresses, separated by commas, which spare the look-up of the names.
    public static let hostaddr = Self("hostaddr")
    /// Ports, separated by commas.
    public static let port = Self("port")
    /// The encoding of text; only UTF8 is possible.
    public static let clientEncoding = Self("client_encoding")
    /// Command-line options for the backend, such as `-c search_path=app`.
    public static let options = Self("options")
    /// How the session shows in `pg_stat_activity`.
    public static let applicationName = Self("application_name")
    /// The application's name where `application_name` gives none.
    public static let fallbackApplicationName = Self("fallback_application_name")
    /// Whether TCP keepalive is on.
    public static let keepalives = Self("keepalives")
    /// Seconds of silence before the first keepalive.
    public static let keepalivesIdle = Self("keepalives_idle")
    /// Seconds between keepalives.
    public static let keepalivesInterval = Self("keepalives_interval")
    /// Keepalives without an answer before the connection is given up.
    public static let keepalivesCount = Self("keepalives_count")
    /// Milliseconds that sent data may stay unacknowledged.
    public static let tcpUserTimeout = Self("tcp_user_timeout")
    /// How much TLS is wanted.
    public static let sslmode = Self("sslmode")
    /// Whether TLS is asked for or begins at once.
    public static let sslnegotiation = Self("sslnegotiation")
    /// TLS compression, which is insecure and refused.
    public static let sslcompression = Self("sslcompression")
    /// The client certificate's file.
    public static let sslcert = Self("sslcert")
    /// The client key's file.
    public static let sslkey = Self("sslkey")
    /// Whether a client certificate is sent.
    public static let sslcertmode = Self("sslcertmode")
    /// The passphrase of the client key.
    public static let sslpassword = Self("sslpassword")
    /// The file of trusted root certificates, or `system`.
    public static let sslrootcert = Self("sslrootcert")
    /// The file of revoked certificates.
    public static let sslcrl = Self("sslcrl")
    /// The directory of revoked certificates.
    public static let sslcrldir = Self("sslcrldir")
    /// Whether the host's name is sent with the TLS greeting.
    public static let sslsni = Self("sslsni")
    /// The operating system's user that the server of a Unix-domain socket has to run as.
    public static let requirepeer = Self("requirepeer")
    /// The methods of authentication that the server may ask for.
    public static let requireAuth = Self("require_auth")
    /// The oldest protocol version.
    public static let minProtocolVersion = Self("min_protocol_version")
    /// The newest protocol version.
    public static let maxProtocolVersion = Self("max_protocol_version")
    /// The oldest TLS version.
    public static let sslMinProtocolVersion = Self("ssl_min_protocol_version")
    /// The newest TLS version.
    public static let sslMaxProtocolVersion = Self("ssl_max_protocol_version")
    /// GSSAPI encryption, which this library has not.
    public static let gssencmode = Self("gssencmode")
    /// The Kerberos service, which this library does not use.
    public static let krbsrvname = Self("krbsrvname")
    /// The GSSAPI library, which this library does not use.
    public static let gsslib = Self("gsslib")
    /// Delegation of GSSAPI credentials, which this library has not.
    public static let gssdelegation = Self("gssdelegation")
    /// Replication instead of queries.
    public static let replication = Self("replication")
    /// What the server must be able to do.
    public static let targetSessionAttrs = Self("target_session_attrs")
    /// In which order several hosts are tried.
    public static let loadBalanceHosts = Self("load_balance_hosts")
    /// SCRAM's client key, in Base64.
    public static let scramClientKey = Self("scram_client_key")
    /// SCRAM's server key, in Base64.
    public static let scramServerKey = Self("scram_server_key")
    /// Who gives out OAuth tokens.
    public static let oauthIssuer = Self("oauth_issuer")
    /// What the issuer calls this client.
    public static let oauthClientID = Self("oauth_client_id")
    /// The secret that the issuer and this client share.
    public static let oauthClientSecret = Self("oauth_client_secret")
    /// What an OAuth token has to allow.
    public static let oauthScope = Self("oauth_scope")
    /// The file to which TLS session keys are written.
    public static let sslkeylogfile = Self("sslkeylogfile")

    /// Every keyword of libpq 18, in its order.
    public static let all: [ConnectionKeyword] = [
        .service, .user, .password, .passfile, .channelBinding, .connectTimeout, .dbname, .host, .hostaddr, .port,
        .clientEncoding, .options, .applicationName, .fallbackApplicationName, .keepalives, .keepalivesIdle,
        .keepalivesInterval, .keepalivesCount, .tcpUserTimeout, .sslmode, .sslnegotiation, .sslcompression, .sslcert,
        .sslkey, .sslcertmode, .sslpassword, .sslrootcert, .sslcrl, .sslcrldir, .sslsni, .requirepeer, .requireAuth,
        .minProtocolVersion, .maxProtocolVersion, .sslMinProtocolVersion, .sslMaxProtocolVersion, .gssencmode,
        .krbsrvname, .gsslib, .gssdelegation, .replication, .targetSessionAttrs, .loadBalanceHosts, .scramClientKey,
        .scramServerKey, .oauthIssuer, .oauthClientID, .oauthClientSecret, .oauthScope, .sslkeylogfile,
    ]

    /// The keyword of that name, if libpq has it.
    static func known(_ name: String) -> ConnectionKeyword? { byName[name] }

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.rawValue, $0) })
}
