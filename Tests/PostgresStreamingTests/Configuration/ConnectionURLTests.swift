import PostgresStreaming
import Testing

@Suite struct ConnectionURLTests {
    struct Reading: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let endpoint: PostgresConfiguration.Endpoint
        var user = "app"
        var password: String?
        var database: String

        init(
            _ url: String, _ endpoint: PostgresConfiguration.Endpoint, user: String = "app", password: String? = nil,
            database: String = "app"
        ) {
            testDescription = url
            (self.endpoint, self.user, self.password, self.database) = (endpoint, user, password, database)
        }
    }

    static let valid: [Reading] = [
        Reading("postgres://app@db.example", .tcp(host: "db.example", port: 5432)),
        Reading("postgresql://app@db.example/", .tcp(host: "db.example", port: 5432)),
        Reading("postgres://app@db.example:6543/shop", .tcp(host: "db.example", port: 6543), database: "shop"),
        Reading("postgres://app:secret@h/shop", .tcp(host: "h", port: 5432), password: "secret", database: "shop"),
        Reading("postgres://app:@h", .tcp(host: "h", port: 5432)),
        Reading("postgres://app@127.0.0.1:1", .tcp(host: "127.0.0.1", port: 1)),
        Reading("postgres://app@[::1]:65535", .tcp(host: "::1", port: 65535)),
        Reading("postgres://app@[2001:db8::7]/shop", .tcp(host: "2001:db8::7", port: 5432), database: "shop"),
        Reading(
            "postgres://a%40b:%3A%2F%3F@h/a%2Fb", .tcp(host: "h", port: 5432), user: "a@b", password: ":/?",
            database: "a/b"),
        Reading("postgres://%C3%BC@h", .tcp(host: "h", port: 5432), user: "ü", database: "ü"),
        Reading("postgres://app@%2Frun%2Fpg:6543", .unixSocket(directory: "/run/pg", port: 6543)),
        Reading("postgres://app@/shop?host=/run/pg", .unixSocket(directory: "/run/pg", port: 5432), database: "shop"),
        Reading("postgres://app@?host=%40name", .unixSocket(directory: "@name", port: 5432)),
        Reading("postgres://?host=h&user=app&dbname=shop&port=6543", .tcp(host: "h", port: 6543), database: "shop"),
        Reading(
            "postgres://x:y@g:1/z?host=h&user=app&password=s&dbname=d&port=2", .tcp(host: "h", port: 2), password: "s",
            database: "d"),
        Reading("postgres://app@h?sslmode=prefer&application_name=a%20b", .tcp(host: "h", port: 5432)),
    ]

    @Test(arguments: valid)
    func `a connection URL is read as libpq reads it`(reading: Reading) throws {
        let configuration = try PostgresConfiguration(connectionString: reading.testDescription)
        #expect(configuration.endpoints.first == reading.endpoint)
        #expect(configuration.user == reading.user)
        #expect(configuration.password == reading.password)
        #expect(configuration.database == reading.database)
    }

    @Test(arguments: [
        "", "postgres", "postgres:", "postgres:/app@h", "http://app@h", " postgres://app@h", "POSTGRES//app@h",
        "postgres://app@h:0", "postgres://app@h:65536", "postgres://app@h:-1", "postgres://app@h:pg",
        "postgres://app@h:1:2", "postgres://app@[::1", "postgres://app@[::1]x", "postgres://app@a,b",
        "postgres://app@a:1,b:2", "postgres://app@?host=a,b", "postgres://app@h?port=0", "postgres://a%4",
        "postgres://a%zz@h",
        "postgres://a%00@h", "postgres://a%FF@h", "postgres://app@h?user", "postgres://app@h?foo=1",
        "postgres://app@h?port=1&port=1", "postgres://app@h?connect_timeout=1.5", "postgres://app@h?connect_timeout=-1",
        "postgres://app@h?connect_timeout=", "postgres://app@h?require_auth=gss", "postgres://app@h?require_auth=",
        "postgres://app@h?require_auth=md5,", "postgres://app@h?sslmode=require", "postgres://app@h?sslmode=PREFER",
        "postgres://app@h?Host=other", "postgres://app:p@ss@h",
    ])
    func `what a connection URL cannot mean is refused`(url: String) {
        let error = #expect(throws: PostgresError.self) { try PostgresConfiguration(connectionString: url) }
        #expect(error?.code == .configurationInvalid)
    }

    @Test func `a URL without a user takes the system's, and the database its name`() throws {
        let configuration = try PostgresConfiguration(connectionString: "postgres://")
        #expect(!configuration.user.isEmpty)
        #expect(configuration.database == configuration.user)
        guard case .unixSocket(let directory, 5432) = configuration.endpoints.first else {
            Issue.record("no Unix socket: \(configuration.endpoints.first)")
            return
        }
        #expect(["/var/run/postgresql", "/tmp"].contains(directory))
    }

    @Test func `the parameters set what they name`() throws {
        let url = "postgres://app@h?connect_timeout=3&application_name=report&require_auth=md5,scram-sha-256"
        let configuration = try PostgresConfiguration(connectionString: url)
        #expect(configuration.connectTimeout == .seconds(3))
        #expect(configuration.applicationName == "report")
        #expect(configuration.allowedAuthentication == [.md5, .scramSHA256])
    }
}
