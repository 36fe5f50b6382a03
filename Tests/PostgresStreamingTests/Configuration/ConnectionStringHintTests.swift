import PostgresStreaming
import PostgresTestSupport
import Testing

/// What an error says to write in place of what was written.
@Suite(.timeLimit(.minutes(1))) struct ConnectionStringHintTests {
    private static func refusal(_ text: String) -> PostgresError? {
        do throws(PostgresError) {
            _ = try PostgresConfiguration(
                connectionString: text, environment: .init(variables: [:], homeDirectory: nil, userName: "me"))
            return nil
        } catch {
            #expect(error.code == .configurationInvalid)
            return error
        }
    }

    // MARK: names

    @Test(arguments: [
        ("appname", "application_name"), ("application", "application_name"), ("Application Name", "application_name"),
        ("ApplicationName", "application_name"), ("sslca", "sslrootcert"), ("sslRootCertificate", "sslrootcert"),
        ("Root Certificate", "sslrootcert"), ("sslcertificate", "sslcert"), ("SSL Certificate", "sslcert"),
        ("SSL Key", "sslkey"), ("SSL Mode", "sslmode"), ("ssl_mode", "sslmode"), ("ssl", "sslmode"),
        ("Trust Server Certificate", "sslmode"), ("sslNegotiation", "sslnegotiation"), ("Username", "user"),
        ("User Id", "user"), ("uid", "user"), ("pwd", "password"), ("pass", "password"), ("Server", "host"),
        ("hostname", "host"), ("Database", "dbname"), ("db", "dbname"), ("database_name", "dbname"),
        ("Timeout", "connect_timeout"), ("connectTimeout", "connect_timeout"), ("loginTimeout", "connect_timeout"),
        ("connectionTimeoutMillis", "connect_timeout"), ("connection_timeout", "connect_timeout"),
        ("targetServerType", "target_session_attrs"), ("Target Session Attributes", "target_session_attrs"),
        ("loadBalanceHosts", "load_balance_hosts"), ("Load Balance Hosts", "load_balance_hosts"),
        ("tcpKeepAlive", "keepalives"), ("keepalives_retries", "keepalives_count"),
        ("keepAliveInitialDelayMillis", "keepalives_idle"), ("tcp_keepalives_idle", "keepalives_idle"),
        ("channelBinding", "channel_binding"), ("Channel Binding", "channel_binding"), ("encoding", "client_encoding"),
        ("charset", "client_encoding"), ("gssEncMode", "gssencmode"), ("kerberosServerName", "krbsrvname"),
        ("requireAuth", "require_auth"), ("PGHOST", "host"), ("PGSSLROOTCERT", "sslrootcert"),
        ("server_settings", "options"), ("sslmod", "sslmode"), ("hots", "host"), ("pasword", "password"),
        ("ssl-root-cert", "sslrootcert"), ("conect_timeout", "connect_timeout"),
        ("min_tls_version", "ssl_min_protocol_version"),
    ])
    func `a name of another client is answered with the one it has here`(written: String, meant: String) {
        let error = Self.refusal("postgres://h/d?\(written.replacing(" ", with: "%20"))=1")
        #expect(error?.message == "connection string has an unknown keyword \"\(written)\"")
        #expect(error?.hint == "Did you mean \"\(meant)\"?")
    }

    @Test(arguments: [
        ("statement_timeout", "statement_timeout"), ("lock_timeout", "lock_timeout"), ("TimeZone", "TimeZone"),
        ("idle_in_transaction_session_timeout", "idle_in_transaction_session_timeout"), ("work_mem", "work_mem"),
        ("search_path", "search_path"), ("currentSchema", "search_path"), ("schema", "search_path"),
        ("schema_search_path", "search_path"), ("readOnly", "default_transaction_read_only"), ("role", "role"),
        ("min_messages", "client_min_messages"), ("myapp.tenant", "myapp.tenant"),
        ("statment_timeout", "statement_timeout"),
    ])
    func `a setting of the server is answered with options`(written: String, setting: String) {
        #expect(
            Self.refusal("host=h \(written)=1")?.hint
                == "\"\(setting)\" is a setting of the server: write options='-c \(setting)=value'.")
        #expect(
            Self.refusal("postgres://h/d?\(written)=1")?.hint
                == "\"\(setting)\" is a setting of the server: write options=-c%20\(setting)%3Dvalue.")
    }

    @Test(arguments: LiveServer.allCases)
    func `every setting that a session may have is answered with options`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let names = try await connection.query(
            """
            SELECT name FROM pg_settings WHERE context IN ('user', 'superuser', 'backend', 'superuser-backend')
            """
        ).decode(String.self).collect()
        await connection.close()
        #expect(names.count > 150)
        // These are keywords, or resemble one that is more likely to be meant.
        let keywords = [
            "application_name", "client_encoding", "tcp_keepalives_idle", "tcp_keepalives_interval",
            "tcp_keepalives_count", "tcp_user_timeout",
        ]
        for name in names where !keywords.contains(name) {
            let hint = Self.refusal("host=h \(name)=1")?.hint
            #expect(hint == "\"\(name)\" is a setting of the server: write options='-c \(name)=value'.")
        }
    }

    @Test(arguments: [
        ("pool_size", "PostgresPoolConfiguration"), ("Maximum Pool Size", "PostgresPoolConfiguration"),
        ("connection_limit", "PostgresPoolConfiguration"), ("pool_max_conns", "PostgresPoolConfiguration"),
        ("command_timeout", "StreamOptions"), ("socketTimeout", "StreamOptions"),
        ("defaultRowFetchSize", "StreamOptions"),
        ("prepareThreshold", "statementCache"), ("statement_cache_size", "statementCache"),
        ("Max Auto Prepare", "statementCache"), ("pgbouncer", "pooler"), ("cancelSignalTimeout", "cancelTimeout"),
        ("autosave", "leave it out"), ("adapter", "leave it out"), ("Persist Security Info", "leave it out"),
        ("binary_parameters", "leave it out"),
    ])
    func `what is set elsewhere, or not at all, says so`(written: String, place: String) {
        let error = Self.refusal("postgres://h/d?\(written.replacing(" ", with: "%20"))=1")
        #expect(error?.hint?.contains(place) == true, "\(error?.hint ?? "none")")
        #expect(error?.hint?.contains("Did you mean") == false)
    }

    @Test(arguments: [
        "xyzzyxyzzy", "q", "_", "ab", "quux_zork", "\u{1F600}", String(repeating: "host", count: 100_000),
    ])
    func `what resembles nothing gets no suggestion`(written: String) {
        let error = Self.refusal("\(written)=1")
        #expect(error != nil)
        #expect(error?.hint == nil)
    }

    @Test func `an ampersand that HTML escaped is found out`() {
        let error = Self.refusal("postgres://h/d?connect_timeout=1&amp;sslmode=require")
        #expect(error?.hint == "Write \"&\" in place of \"&amp;\".")
    }

    // MARK: forms

    @Test(arguments: [
        "postgres://u:p/w@h/d", "postgres://u:p/@h", "postgres://u:p/w@h:1/d?x=1", "postgres://h/d@x",
        "postgres://u/x:p@h/d",
    ])
    func `a slash before an at sign is said to be a slash`(text: String) {
        let error = Self.refusal(text)
        #expect(error?.message == "connection string has a \"/\" before an \"@\"")
        #expect(
            error?.hint
                == "In a user name or password write \"/\" as %2F; in the name of a database write \"@\" as %40.")
    }

    @Test(arguments: ["postgres://u:p@w@h/d", "postgres://u:p@w/x@h/d", "postgres://u@x:p@h"])
    func `a second at sign is said to be one`(text: String) {
        let error = Self.refusal(text)
        #expect(error?.message == "connection string has an \"@\" that has to be written as %40")
        #expect(error?.hint == "In a password write \"@\" as %40 and \"/\" as %2F.")
    }

    @Test(arguments: ["postgres://u:geh/eim?x@h/d", "postgres://u:geh/eim?x=y@h/d", "postgres://u:g/e?sslmode@h"])
    func `a query that may be the end of a password is not quoted, and the hint says how to write it`(text: String) {
        let error = Self.refusal(text)
        #expect(error?.hint == "In a password write \"/\" as %2F, \"?\" as %3F and \"@\" as %40.")
        #expect(!printed(error).contains("eim") && !printed(error).contains("geh"))
    }

    @Test(arguments: ["postgres://u:50%@h", "postgres://u:%zz@h", "postgres://h/100%", "postgres://h?options=%"])
    func `a percent sign by itself is written as 25`(text: String) {
        let error = Self.refusal(text)
        #expect(error?.message == "connection string has a \"%\" without two hexadecimal digits")
        #expect(error?.hint == "Write a \"%\" that stands for itself as %25.")
    }

    @Test(arguments: ["geheim.test", "localhost:5432", "geheim.test/shop", "geheim", "10.0.0.1", "me@geheim.test"])
    func `a host alone is told the forms that there are`(text: String) {
        let error = Self.refusal(text)
        #expect(error?.message == "connection string is neither a URI nor keyword=value")
        #expect(error?.hint == "A host is written as host=db.example or as postgres://db.example/.")
        #expect(!printed(error).contains(text))
    }

    @Test(arguments: ["host=h application_name=my service", "host=h password=two words"])
    func `a value with a space is told to stand in quotes`(text: String) {
        let error = Self.refusal(text)
        #expect(error?.message == "connection string lacks a \"=\" after a keyword")
        #expect(error?.hint == "A value with spaces stands in quotes, as in application_name='my service'.")
        #expect(!printed(error).contains("words") && !printed(error).contains("two"))
    }

    @Test(arguments: ["host=h password=two gehe=im", "password=two gehe=c host=h"])
    func `what may be the rest of a password is not quoted either`(text: String) {
        let error = Self.refusal(text)
        #expect(error?.message == "connection string has an unknown keyword")
        #expect(error?.hint == "A value with spaces stands in quotes, as in application_name='my service'.")
        #expect(!printed(error).contains("gehe"))
    }

    @Test(arguments: [
        "Host=h;Username=u;Password=geheim;Database=d", "host=h;user=u;password=geheim",
        "User Id=u;Password=geheim;Server=h", "dbname=d;host=h;password=geheim", "Server=h;Port=5432;",
        "host = h;port = 1",
        "port=5432;host=h", "sslmode=require;password=geheim",
    ])
    func `semicolons between settings are told to be spaces`(text: String) {
        let error = Self.refusal(text)
        #expect(error?.message == "connection string separates its settings by semicolons")
        #expect(error?.hint == "Settings are separated by spaces, as in host=db.example user=app.")
        #expect(!printed(error).contains("geheim"))
    }

    @Test(arguments: [
        "password=a;host=b host=h", "password='a;user=b' host=h", "options='-c search_path=a;user=b' host=h",
        "application_name=a;b host=h", "user=a;x=y host=h",
    ])
    func `semicolons that belong to a value are left alone`(text: String) {
        #expect(Self.refusal(text) == nil)
    }

    @Test(arguments: [
        "postgresql+psycopg2://u:geheim@h/d", "postgresql+asyncpg://u:geheim@h/d",
        "jdbc:postgresql://h/d?password=geheim",
        "POSTGRES://u:geheim@h/d", "pgsql://u:geheim@h/d", "postgis://u:geheim@h/d", "Postgresql://h",
    ])
    func `another spelling of the scheme is told the right one`(text: String) {
        let error = Self.refusal(text)
        #expect(error?.message == "connection string begins with another scheme than \"postgres://\"")
        #expect(
            error?.hint
                == "Write \"postgres://\" or \"postgresql://\": small letters, no \"jdbc:\", no driver such as \"+asyncpg\"."
        )
        #expect(!printed(error).contains("geheim"))
    }

    @Test func `another kind of database gets no hint`() {
        #expect(Self.refusal("mysql://u:p@h/d")?.hint == nil)
    }

    // MARK: hosts and ports

    @Test(arguments: ["postgres://::1/d", "postgres://::1:5432/d", "postgres://u@fe80::1/d", "postgres://2001:db8::7"])
    func `an IPv6 address in a URI is told to stand in brackets`(text: String) {
        let error = Self.refusal(text)
        #expect(error?.message == "value of \"port\" is not in 1…65535")
        #expect(error?.hint == "In a URI an IPv6 address stands in brackets, as in postgres://[::1]:5432/shop.")
    }

    @Test(arguments: ["postgres://u:geheim/d", "postgres://h:pg/d", "host=h port=abc", "port=54x32 host=h"])
    func `a port that is no number says what one is`(text: String) {
        let error = Self.refusal(text)
        #expect(error?.message == "value of \"port\" is not in 1…65535")
        #expect(
            error?.hint
                == "A port is a number such as 5432. In a URI the password is followed by \"@\" and the host.")
        #expect(!printed(error).contains("geheim"))
    }

    @Test(arguments: ["host=a:5432", "host=a,b:5433", "postgres:///d?host=a:5432", "host=10.0.0.1:5432", "host=a:"])
    func `a port in a host's name is told its place`(text: String) {
        let error = Self.refusal(text)
        #expect(error?.message == "a host has a port in its name")
        #expect(error?.hint == "The port is a setting of its own: host=db.example port=5432.")
    }

    @Test(arguments: ["host=[::1]", "host=[::1]:5432", "host=a,[fe80::1]"])
    func `brackets in a host's name are told to go`(text: String) {
        let error = Self.refusal(text)
        #expect(error?.message == "a host has brackets around its address")
        #expect(error?.hint == "Brackets belong in URIs alone; otherwise write host=::1 port=5432.")
    }

    @Test(arguments: [
        "host=${DB_HOST}", "host='db example'", "host=h?sslmode=require", "host=u@h", "host=db/shop", "host={{host}}",
        "host=%2Ftmp", "host='\"h\"'", "host=a=b", "postgres://h%0A/d",
    ])
    func `a name that no host can have is refused before it is looked up`(text: String) {
        let error = Self.refusal(text)
        #expect(error?.message == "a host's name holds a character that no host's name has")
        #expect(error?.hint == "A host is a name, a numeric address, or a directory that begins with \"/\" or \"@\".")
    }

    @Test(arguments: [
        "host=::1", "host=fe80::1%lo", "host=db_1.example-x.org.", "host=ä.example", "host=/a b=c;", "host='@x y'",
        "host='/tmp/a b'", "host=a:5432 hostaddr=127.0.0.1", "host='any thing' hostaddr=127.0.0.1", "host=''",
        "host=,h",
    ])
    func `a name that a host can have is taken`(text: String) {
        #expect(Self.refusal(text.replacing("/a b=c;", with: "/a")) == nil)
    }

    @Test func `a configuration made by hand is checked as well`() async {
        let configuration = PostgresConfiguration(endpoint: .tcp(host: "h;password=geheim"), user: "u")
        let error = await failure { try await PostgresConnection.connect(configuration) }
        #expect(error?.code == .configurationInvalid)
        #expect(!printed(error).contains("geheim"))
    }

    // MARK: values

    @Test(arguments: ["max_protocol_version", "min_protocol_version"])
    func `a protocol version that does not exist is told those that do`(keyword: String) {
        #expect(Self.refusal("host=h \(keyword)=3.1")?.message == "value of \"\(keyword)\" is none of 3.0, 3.2, latest")
    }
}
