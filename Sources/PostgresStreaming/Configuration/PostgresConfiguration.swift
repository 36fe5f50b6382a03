import PostgresTransport

/// Where a server is, who connects, and what is allowed on the way.
///
/// Made from a connection string or property by property; everything but the server and the user has a default.
public struct PostgresConfiguration: Sendable {
    /// Where the server listens. Several are tried one after the other until one lets the session in.
    public var endpoints: [Endpoint]
    /// Whether load is balanced (libpq's `load_balance_hosts`): the endpoints, and the addresses of each, are tried in a
    /// random order, chosen again for each connection. A pool goes by its own connections: the next one leads to the
    /// endpoint that fits and has the fewest of them.
    public var shufflesEndpoints = false
    /// What a server has to be; one that is not is passed over like one that does not answer.
    public var targetSession = TargetSession.any
    /// The role to log in as.
    public var user: String
    /// The database; by default the one with the user's name.
    public var database: String

    /// The password, if the server asks for one; an empty one counts as none. It never shows in a description or an
    /// error. What is derived from it is overwritten in memory after use; the String itself cannot be.
    public var password: String?
    /// Where the password comes from that is not in the connection string, and which one it is: it may be replaced.
    var passwordOrigin: (password: String, place: String)?
    /// Gives the password if there is none above: asked anew, once, for every connection to a server that wants one in
    /// an allowed way, so that short-lived tokens stay valid. It takes part in the time allowed for connecting, and is
    /// cancelled when that is over.
    public var passwordProvider: PasswordProvider?
    /// The file in which the password is looked up if nothing else gives one, at every connection anew. A file that
    /// others than its owner may read is not used.
    public var passwordFile: String?
    /// Which authorization server gives out tokens, for servers that ask for OAuth.
    public var oauth = OAuth()
    /// Gives a bearer token: asked anew, once, for every connection to a server that asks for OAuth. It takes part in
    /// the time allowed for connecting, and is cancelled when that is over; keeping a token that is still valid is its
    /// business. Nil, the default: no login by OAuth.
    public var tokenProvider: TokenProvider?
    /// SCRAM's keys. Where the server asks for SCRAM they go before any password, and nothing is computed from one.
    public var scramKeys: SCRAMKeys?

    /// What the server may ask for (libpq's `require_auth`).
    ///
    /// Nil, the default, means SCRAM-SHA-256 or nothing at all, and a password in the clear only where nobody else can
    /// read it: over a Unix-domain socket, or over TLS with a server that was verified (`sslmode=verify-full`). There an
    /// OAuth token is shown as well, if `oauth` and `tokenProvider` are set. MD5, and clear passwords over other
    /// connections, have to be named here, and so has OAuth over TLS with a server that was not verified: that is the
    /// opt-in. No opt-in has a token sent over TCP without TLS.
    public var allowedAuthentication: Set<AuthenticationMethod>?
    /// What the server may not ask for, taken out of what is allowed.
    public var refusedAuthentication: Set<AuthenticationMethod> = []
    /// Whether authentication has to be bound to the TLS connection.
    public var channelBinding = ChannelBindingMode.prefer
    /// How often SCRAM may have a password hashed. The upper end bounds the work that a hostile server can cause
    /// (some 20 ms of one core, which nothing interrupts), the lower end keeps any server from asking for a proof that
    /// is cheap to attack. Postgres asks for 4096 unless its `scram_iterations` says otherwise.
    public var scramIterations = 1...100_000
    /// The fewest iterations of SCRAM that are done where neither verified TLS (`sslmode=verify-full`) nor a Unix-domain
    /// socket vouches for the server: 4096 by default, which is what Postgres asks for unless told otherwise; 1 takes any
    /// count, as libpq does. A server in disguise would ask for few, because that makes it cheap to guess the password
    /// from the proof.
    public var unverifiedSCRAMIterationsMin = 4096

    /// How TCP connections are encrypted.
    public var tls = TLS()
    /// The operating system's user that the server of a Unix-domain socket has to run as (libpq's `requirepeer`).
    public var requiredPeer: String?
    /// The versions of the protocol that may be spoken. The newest is asked for, and a server may answer with an older.
    public var protocolVersions = ProtocolVersion.v3_0...ProtocolVersion.v3_0

    /// How the session shows in `pg_stat_activity`; empty is not sent.
    public var applicationName = ""
    /// Command-line options for the backend, such as `-c search_path=app`; empty is not sent.
    public var options = ""
    /// Run-time parameters that the session begins with, by name, such as `["search_path": "app"]`.
    public var runtimeParameters: [String: String] = [:]

    /// The time for everything from the look-up of the first name to the first ReadyForQuery. 10 seconds by default.
    public var connectTimeout = Duration.seconds(10)
    /// The time for one address of a host within that (libpq's `connect_timeout`), and for the look-up of its name; nil,
    /// the default, gives each endpoint an equal share of what is left, and each of its addresses one of that.
    public var addressTimeout: Duration?
    /// The time for a query that has none of its own (`StreamOptions.timeout`); nil, the default: no limit.
    public var queryTimeout: Duration?
    /// Whether the server is told of `queryTimeout` as well, as `statement_timeout` with a second more: then it ends a query
    /// also where this side is gone and cannot cancel it. So it ends queries with a longer `StreamOptions.timeout`, and waits
    /// for advisory locks, as well: set `statement_timeout` in the session for those. False by default; not behind a
    /// transaction pooler.
    public var sendsStatementTimeout = false
    /// How queries are read whose call says nothing of that, which is what `StreamOptions()` does. To change one thing for one
    /// query, begin with these: `var options = configuration.streamOptions`.
    public var streamOptions = StreamOptions()
    /// The time for a call that sends no query of the caller's: `prepare`, `describe`, `reset`, `remains`, `outcome(of:)`
    /// and `exportSnapshot`. 30 seconds by default; then it fails with `queryTimedOut`.
    public var controlTimeout = Duration.seconds(30)
    /// How long the answer to a transaction's COMMIT is waited for, where its options say nothing else. 30 seconds by
    /// default; then the connection is closed and the error is `commitUnknown`.
    public var commitTimeout = Duration.seconds(30)
    /// The time for what brings a connection to where its next call can begin: leaving a query, rolling back a
    /// transaction or a savepoint, waiting for a COMMIT whose task was cancelled. 5 seconds by default; then the
    /// connection is closed. After a query or transaction with a shorter limit it is as long as that limit, but a second
    /// at least.
    public var cleanUpTimeout = Duration.seconds(5)
    /// The time that a cancel request may take: connecting for it, TLS, and until the server has passed it on. It is a part
    /// of `cleanUpTimeout`. 2 seconds by default.
    public var cancelTimeout = Duration.seconds(2)
    /// How long `close` waits for a clean-up that is under way, before it closes the connection as it stands and the
    /// server finds out by itself. 5 seconds by default.
    public var closeTimeout = Duration.seconds(5)
    /// How a TCP connection notices that the peer has vanished.
    public var keepalive = Keepalive()
    /// How often the server looks whether this client is still there while a query runs, so that it does not work on for
    /// nobody (the run-time parameter `client_connection_check_interval`). A server or pooler that does not know the
    /// parameter is asked again without it. Nil sends nothing; a value of your own in `runtimeParameters` or `options`
    /// goes before it.
    public var connectionCheckInterval: Duration? = .seconds(1)
    /// The longest row that is accepted, in bytes on the wire: 64 MiB by default, one GiB − 1 at most. A longer one
    /// fails the query before any memory is taken for it.
    public var rowBytesMax = 64 << 20

    /// What stands between this client and the server; nil, the default, for nothing.
    public var pooler: Pooler?
    /// Whether the server is asked which types a statement's parameters have, where its casts would change a value or refuse
    /// it: floats, `Date`, bytes, arrays of these, and nil; integers where it refuses `bigint`.
    ///
    /// It is asked before a text is run for the first time, one round trip or a few, and the answer is remembered for the
    /// process; from then on the types are declared. False declares an `Int` as `bigint`, a `Double` as `double precision`
    /// and so on, and the server casts what it takes otherwise, also where that rounds, or shifts a time. True by default.
    public var infersParameterTypes = true
    /// How many statements a connection keeps prepared by itself.
    public var statementCache = StatementCache()
    /// Where the connections count what they do; nil, the default: nowhere. Several configurations may share one.
    public var metrics: PostgresMetrics?
    /// Who is told what happens to the connections and their queries; nil, the default: nobody.
    public var observer: (any PostgresObserver)?
    /// Writes down every message, for finding faults; nil, the default, for none. It shows neither values nor secrets.
    public var wireTrace: PostgresWireTrace?
    /// A wait for the server's next rows, or for the consumer, is a stall where it lasts longer.
    public var stallThreshold = Duration.milliseconds(100)

    /// The way to the hosts in place of the network from here; nil, the default, for the network.
    package var route: ConnectionRoute?

    /// Creates a configuration for one server.
    public init(endpoint: Endpoint, user: String, password: String? = nil, database: String? = nil) {
        self.init(endpoints: [endpoint], user: user, password: password, database: database)
    }

    /// Creates a configuration for several servers, one at least.
    public init(endpoints: [Endpoint], user: String, password: String? = nil, database: String? = nil) {
        self.endpoints = endpoints
        self.user = user
        self.password = password
        self.database = database ?? user
    }
}

extension PostgresConfiguration: CustomStringConvertible, CustomReflectable {
    /// User, places and database, as far as they are no secret.
    public var description: String {
        "\(user)@\(endpoints.map(\.description).joined(separator: ","))/\(database)"
    }

    /// Shows the description only, so that `dump` prints no password.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
