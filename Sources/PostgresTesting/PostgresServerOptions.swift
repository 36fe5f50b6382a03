/// What kind of throwaway server to start. Every option has a default that suits a test.
public struct PostgresServerOptions: Sendable {
    /// Which server programs to use.
    public enum Version: Sendable, Hashable {
        /// The newest version on this machine; where `POSTGRES_TESTING_BINARIES` is set, the newest that it names.
        case any
        /// The newest release of one major version, such as `.major(15)`.
        case major(Int)
    }

    /// How clients prove who they are, over TCP as well as over the Unix socket.
    public enum Authentication: String, Sendable, Hashable {
        /// Nobody is asked. Every user of the machine can become superuser of the server through TCP.
        case trust
        /// A challenge that neither sends nor stores the password.
        case scramSHA256 = "scram-sha-256"
        /// The old challenge with MD5. The superuser's password is stored for it.
        case md5
        /// The password in clear text.
        case password
    }

    /// Which server programs to use.
    public var version: Version
    /// Server settings by name, as in `postgresql.conf`: `["max_connections": "20"]`.
    ///
    /// They override the defaults (`fsync`, `synchronous_commit` and `full_page_writes` are off). `port`,
    /// `listen_addresses`, `unix_socket_directories`, `data_directory`, `hba_file` and `config_file` belong to the
    /// server and are refused. Settings that silence or move the log also take it away from error messages.
    public var configuration: [String: String]
    /// How clients prove who they are.
    public var authentication: Authentication
    /// Lines for `pg_hba.conf`, put in front of the two or three that `authentication` makes.
    public var accessRules: [String]
    /// The name of the superuser. It cannot begin with `pg_`.
    public var superuser: String
    /// The superuser's password, or nil for a random one, which all servers of this process share. It cannot be empty or
    /// hold a line break.
    public var password: String?
    /// Text files for the data directory by name, such as a certificate and its key.
    ///
    /// They exist before the server starts, belong to the user it runs as and have the mode 0600, so that
    /// `["ssl": "on", "ssl_cert_file": "server.crt", "ssl_key_file": "server.key"]` finds them.
    public var files: [String: String]
    /// Further arguments for `initdb`, such as `--data-checksums`.
    public var initdbArguments: [String]
    /// How long the server may take until it accepts connections, in seconds. `initdb` has its own limit of 120 s.
    public var startSecondsMax: Int

    /// Describes a server: the newest version, SCRAM with a random password, settings made for speed.
    public init(
        version: Version = .any, configuration: [String: String] = [:],
        authentication: Authentication = .scramSHA256, accessRules: [String] = [], superuser: String = "postgres",
        password: String? = nil, files: [String: String] = [:], initdbArguments: [String] = [],
        startSecondsMax: Int = 30
    ) {
        self.version = version
        self.configuration = configuration
        self.authentication = authentication
        self.accessRules = accessRules
        self.superuser = superuser
        self.password = password
        self.files = files
        self.initdbArguments = initdbArguments
        self.startSecondsMax = startSecondsMax
    }
}

extension PostgresServerOptions: CustomStringConvertible, CustomReflectable {
    /// The version and the authentication; passwords, settings and files are left out because they may be secret.
    public var description: String { "PostgresServerOptions(\(version), \(authentication.rawValue))" }

    /// As the description: nothing that may be secret.
    public var customMirror: Mirror { Mirror(self, children: ["version": version, "authentication": authentication]) }
}
