import PostgresStreaming
import Testing

private typealias Endpoint = PostgresConfiguration.Endpoint

@Suite struct ConnectionStringTests {
    private static func read(
        _ text: String, _ variables: [String: String] = [:]
    ) throws(PostgresError) -> PostgresConfiguration {
        let environment = ConnectionEnvironment(variables: variables, homeDirectory: "/home/me", userName: "me")
        return try PostgresConfiguration(connectionString: text, environment: environment)
    }

    private static func refusal(_ text: String, _ variables: [String: String] = [:]) -> PostgresError? {
        do {
            _ = try read(text, variables)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ("postgres://h", [Endpoint.tcp(host: "h")]), ("host=h port=1", [.tcp(host: "h", port: 1)]),
        ("postgres://[::1]:6543/shop", [.tcp(host: "::1", port: 6543)]),
        ("postgres://a:1,b,[::1]:3/x", [.tcp(host: "a", port: 1), .tcp(host: "b"), .tcp(host: "::1", port: 3)]),
        ("host=a,b port=7", [.tcp(host: "a", port: 7), .tcp(host: "b", port: 7)]),
        ("host=a,b port=7,", [.tcp(host: "a", port: 7), .tcp(host: "b")]),
        ("postgres://%2Frun%2Fpg:1/x", [.unixSocket(directory: "/run/pg", port: 1)]),
        ("host=@abstract", [.unixSocket(directory: "@abstract")]),
        ("postgres:///x?host=/run/pg,h", [.unixSocket(directory: "/run/pg"), .tcp(host: "h")]),
        ("hostaddr=10.0.0.1", [.tcp(host: "", address: "10.0.0.1")]),
        ("host=a,b hostaddr=10.0.0.1,::1", [.tcp(host: "a", address: "10.0.0.1"), .tcp(host: "b", address: "::1")]),
        (
            "host=a,b hostaddr=10.0.0.1, port=5",
            [.tcp(host: "a", address: "10.0.0.1", port: 5), .tcp(host: "b", port: 5)]
        ),
    ])
    private func `hosts, addresses and ports of the same place belong together`(text: String, endpoints: [Endpoint])
        throws
    {
        #expect(try Self.read(text).endpoints == endpoints)
    }

    @Test func `without a host it is the machine's own socket, without a user the system's`() throws {
        let configuration = try Self.read("")
        #expect(configuration.user == "me" && configuration.database == "me" && configuration.password == nil)
        guard case .unixSocket(let directory, 5432) = configuration.endpoints[0] else {
            Issue.record("no Unix socket: \(configuration)")
            return
        }
        #expect(["/var/run/postgresql", "/tmp"].contains(directory))
        #expect(try PostgresConfiguration(connectionString: "postgres://").user.isEmpty == false)
    }

    @Test func `everything that can be set is set`() throws {
        let configuration = try Self.read(
            """
            host=a,b user=app password='p w' dbname=shop passfile=/p application_name=report connect_timeout=3
            options='-c geqo=off' keepalives=0 keepalives_idle=1 keepalives_interval=2 keepalives_count=3
            tcp_user_timeout=4 require_auth=md5,scram-sha-256 channel_binding=disable load_balance_hosts=random
            client_encoding=utf-8 sslmode=disable target_session_attrs=any replication=0 gssencmode=disable
            max_protocol_version=latest min_protocol_version=3.0
            """)
        #expect(configuration.user == "app" && configuration.password == "p w" && configuration.database == "shop")
        #expect(configuration.passwordFile == "/p" && configuration.applicationName == "report")
        #expect(configuration.addressTimeout == .seconds(3))
        // Two hosts, with time for eight addresses each.
        #expect(configuration.connectTimeout == .seconds(3 * 2 * 8))
        #expect(configuration.options == "-c geqo=off")
        #expect(
            configuration.keepalive
                == .init(isOn: false, idleSeconds: 1, intervalSeconds: 2, count: 3, userTimeoutMilliseconds: 4))
        #expect(configuration.allowedAuthentication == [.md5, .scramSHA256])
        #expect(configuration.channelBinding == .disable && configuration.shufflesEndpoints)
    }

    @Test func `everything about TLS is set`() throws {
        let configuration = try Self.read(
            """
            host=h sslmode=verify-ca sslnegotiation=direct sslcert=/c sslkey=/k sslpassword=s sslcertmode=require
            sslrootcert=/r sslcrl=/l sslcrldir=/d sslsni=0 ssl_min_protocol_version=TLSv1.3
            ssl_max_protocol_version=tlsv1.3 sslkeylogfile=/log requirepeer=postgres min_protocol_version=3.2
            """)
        let tls = configuration.tls
        #expect(tls.mode == .verifyCA && tls.negotiation == .direct && tls.certificateMode == .require)
        #expect(tls.certificateFile == "/c" && tls.keyFile == "/k" && tls.keyPassphrase == "s")
        #expect(tls.roots == .file("/r") && tls.revocationFile == "/l" && tls.revocationDirectory == "/d")
        #expect(tls.minimumVersion == .tls13 && tls.maximumVersion == .tls13 && !tls.sendsServerName)
        #expect(tls.keyLogFile == "/log" && tls.standardDirectory == "/home/me/.postgresql")
        #expect(configuration.requiredPeer == "postgres" && configuration.protocolVersions == .v3_2 ... .v3_2)
    }

    @Test func `the system's roots imply the strictest mode`() throws {
        let configuration = try Self.read("host=h sslrootcert=system")
        #expect(configuration.tls.mode == .verifyFull && configuration.tls.roots == .system)
    }

    @Test func `versions of TLS below the oldest one spoken are as good as none`() throws {
        for version in ["TLSv1", "TLSv1.1", "TLSv1.2"] {
            #expect(try Self.read("host=h ssl_min_protocol_version=\(version)").tls.minimumVersion == .tls12)
        }
    }

    @Test func `a version of TLS that is not named is left to the system`() throws {
        for string in ["host=h", "host=h ssl_min_protocol_version='' ssl_max_protocol_version=''"] {
            let tls = try Self.read(string).tls
            #expect(tls.minimumVersion == nil && tls.maximumVersion == nil)
        }
    }

    @Test func `keepalive is on, and zero leaves a time to the system`() throws {
        #expect(try Self.read("host=h").keepalive == .init())
        let string = "host=h keepalives_idle=0 keepalives_interval=-1 keepalives_count=0 tcp_user_timeout=0"
        let none = PostgresConfiguration.Keepalive(
            idleSeconds: nil, intervalSeconds: nil, count: nil, userTimeoutMilliseconds: nil)
        #expect(try Self.read(string).keepalive == none)
    }

    @Test func `a negated require_auth takes methods out and allows none`() throws {
        let configuration = try Self.read("require_auth=!none,!password")
        #expect(configuration.allowedAuthentication == nil)
        #expect(configuration.refusedAuthentication == [.none, .password])
    }

    @Test func `the fallback name counts where there is no other`() throws {
        #expect(try Self.read("fallback_application_name=a").applicationName == "a")
        #expect(try Self.read("fallback_application_name=a application_name=b").applicationName == "b")
        #expect(try Self.read("fallback_application_name=a", ["PGAPPNAME": "c"]).applicationName == "c")
    }

    @Test(arguments: ["0", "-5"])
    func `no limit for connecting becomes an hour`(seconds: String) throws {
        #expect(try Self.read("host=h connect_timeout=\(seconds)").addressTimeout == .seconds(3600))
    }

    @Test func `SCRAM keys come in pairs of 32 bytes`() throws {
        let key = String(repeating: "A", count: 43) + "="
        #expect(try Self.read("scram_client_key=\(key) scram_server_key=\(key)").scramKeys != nil)
        #expect(Self.refusal("scram_client_key=\(key)")?.code == .configurationInvalid)
        #expect(Self.refusal("scram_server_key=\(key)")?.code == .configurationInvalid)
        #expect(Self.refusal("scram_client_key=\(key) scram_server_key=AAAA")?.code == .configurationInvalid)
    }

    @Test(arguments: [
        "postgres:/h", "http://h", "postgres://h:0", "postgres://h:65536", "postgres://h:pg", "postgres://h:1:2",
        "postgres://[::1", "postgres://[::1]x", "postgres://[]", "postgres://a%4", "postgres://a%zz@h",
        "postgres://a%00@h",
        "postgres://a\0b@h", "user='a\0'", "postgres://%FF@h", "postgres://h?user", "postgres://h?foo=1",
        "postgres://h?a=b=c",
        "postgres://a b@h", "postgres://u:p@ss@h", "postgres://h?Host=other", "host", "host='a", "=a", "a=b", "user=",
        "connect_timeout=1.5", "connect_timeout=", "keepalives=x", "sslmode=PREFER", "ssl_min_protocol_version=1.2",
        "ssl_max_protocol_version=TLSv1.1", "ssl_min_protocol_version=TLSv1.3 ssl_max_protocol_version=TLSv1.2",
        "sslkey=engine:key", "sslrootcert=system sslmode=require", "min_protocol_version=3.2 max_protocol_version=3.0",
        "sslnegotiation=direct sslmode=prefer", "sslcertmode=x", "sslsni=x",
        "sslnegotiation=direct", "sslcompression=1",
        "client_encoding=LATIN1", "client_encoding=auto", "replication=database", "target_session_attrs=master",
        "gssencmode=require", "krbsrvname=x", "gsslib=gssapi", "gssdelegation=1", "oauth_issuer=x", "require_auth=md5,",
        "host=a,b port=1,2,3", "host=a hostaddr=1.1.1.1,2.2.2.2",
    ])
    func `what cannot be followed is refused`(text: String) {
        #expect(Self.refusal(text)?.code == .configurationInvalid)
    }

    @Test(arguments: ConnectionKeyword.all)
    func `no keyword is ignored`(keyword: ConnectionKeyword) throws {
        // A text that is no keyword's default and few keywords' value.
        let values = [
            "7", "disable", "random", "md5", "0", "UTF9", "direct", "3.2", "standby",
            String(repeating: "B", count: 43) + "=",
        ]
        let base = try Self.read("host=h")
        let isNoticed = values.contains { value in
            guard let changed = try? Self.read("host=h \(keyword)=\(value)") else { return true }
            return [
                changed.description != base.description, changed.endpoints != base.endpoints,
                changed.password != base.password,
                changed.passwordFile != base.passwordFile, changed.channelBinding != base.channelBinding,
                changed.connectTimeout != base.connectTimeout, changed.options != base.options,
                changed.applicationName != base.applicationName, changed.keepalive != base.keepalive,
                changed.allowedAuthentication != base.allowedAuthentication,
                changed.shufflesEndpoints != base.shufflesEndpoints, changed.requiredPeer != base.requiredPeer,
                changed.tls.certificateFile != base.tls.certificateFile, changed.tls.keyFile != base.tls.keyFile,
                changed.tls.keyPassphrase != base.tls.keyPassphrase, changed.tls.roots != base.tls.roots,
                changed.tls.revocationFile != base.tls.revocationFile,
                changed.tls.revocationDirectory != base.tls.revocationDirectory,
                changed.oauth != base.oauth, changed.tls.keyLogFile != base.tls.keyLogFile,
                changed.tls.mode != base.tls.mode,
            ].contains(true)
        }
        #expect(isNoticed)
    }

    @Test(arguments: [
        ("sslmod", "sslmode"), ("SSLMODE", "sslmode"), ("aplication_name", "application_name"), ("hots", "host"),
        ("user_name", "user"), ("database", "dbname"), ("connect-timeout", "connect_timeout"),
    ])
    func `an unknown keyword is answered with the nearest one`(written: String, meant: String) {
        let error = Self.refusal("\(written)=1")
        #expect(error?.message == "connection string has an unknown keyword \"\(written)\"")
        #expect(error?.hint == "Did you mean \"\(meant)\"?")
    }

    @Test func `what resembles no keyword gets no suggestion`() {
        #expect(Self.refusal("xyzzyxyzzy=1")?.hint == nil)
        #expect(Self.refusal(String(repeating: "host", count: 100_000) + "=1")?.hint == nil)
    }
}
