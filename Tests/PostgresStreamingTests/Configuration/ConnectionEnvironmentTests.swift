import Glibc
import PostgresStreaming
import PostgresTestSupport
import Testing

/// What the environment and the service file add to a connection string.
@Suite(.timeLimit(.minutes(1))) struct ConnectionEnvironmentTests {
    private static func read(
        _ text: String, _ variables: [String: String], home: String? = nil
    ) throws(PostgresError) -> PostgresConfiguration {
        try PostgresConfiguration(
            connectionString: text, environment: .init(variables: variables, homeDirectory: home, userName: "me"))
    }

    @Test func `a variable speaks where the string does not`() throws {
        let variables = ["PGHOST": "a", "PGPORT": "7", "PGUSER": "u", "PGPASSWORD": "p", "PGDATABASE": "d"]
        let configuration = try Self.read("", variables)
        #expect(configuration.endpoints == [.tcp(host: "a", port: 7)])
        #expect(configuration.user == "u" && configuration.password == "p" && configuration.database == "d")
        #expect(try Self.read("host=b", variables).endpoints == [.tcp(host: "b", port: 7)])
    }

    @Test func `run-time parameters can come from the environment`() throws {
        let configuration = try Self.read("", ["PGTZ": "Asia/Tokyo", "PGGEQO": "default", "PGDATESTYLE": "ISO, DMY"])
        #expect(configuration.runtimeParameters == ["TimeZone": "Asia/Tokyo", "DateStyle": "ISO, DMY"])
        #expect(throws: PostgresError.self) { try Self.read("", ["PGDATESTYLE": "German"]) }
    }

    @Test func `a service stands between the string and the environment`() throws {
        try TemporaryDirectory.with { directory in
            let file = "\(directory)/services"
            let text = """
                # comment
                [other]
                host=wrong
                  [shop]
                host=db.example
                 port=6000\u{20}
                user=app
                user=second
                """
            try TemporaryDirectory.write(text, to: file)
            let variables = ["PGSERVICEFILE": file, "PGPORT": "1", "PGDATABASE": "d"]
            let configuration = try Self.read("service=shop user=me", variables)
            #expect(configuration.endpoints == [.tcp(host: "db.example", port: 6000)])
            #expect(configuration.user == "me" && configuration.database == "d")
            #expect(try Self.read("", variables.merging(["PGSERVICE": "shop"]) { $1 }).user == "app")
        }
    }

    @Test(arguments: [
        ("[shop]\nhost = h", "syntax error"), ("[shop]\nservice=x", "nested"), ("[shop]\nldap://x", "LDAP"),
        ("[shop]\nfoo=1", "syntax error"), ("[shopping]\nhost=h", "not found"), ("[shop]\nhost=a\0b", "syntax error"),
        ("", "not found"),
    ])
    func `a service file that cannot be followed is refused`(text: String, problem: String) throws {
        try TemporaryDirectory.with { directory in
            try TemporaryDirectory.write(text, to: "\(directory)/.pg_service.conf")
            let error = #expect(throws: PostgresError.self) {
                try Self.read("service=shop", ["PGSYSCONFDIR": directory], home: directory)
            }
            #expect(error?.code == .configurationInvalid)
            #expect(error?.message.contains(problem) == true, "\(error?.message ?? "")")
        }
    }

    @Test func `a missing service file is named`() {
        let error = #expect(throws: PostgresError.self) {
            try Self.read("service=shop", ["PGSERVICEFILE": "/nonexistent/file"])
        }
        #expect(error?.message == "service file \"/nonexistent/file\" not found")
    }

    @Test func `environment and service are merged as libpq merges them`() async {
        // In a process of its own, because libpq reads the environment of the process.
        await #expect(processExitsWith: .success) {
            try TemporaryDirectory.with { directory in
                let service = "[s]\nhost=127.0.0.1\nport=1\nsslmode=disable\nconnect_timeout=9\n"
                try TemporaryDirectory.write(service, to: "\(directory)/f")
                let settings: [[String: String]] = [
                    [:], ["PGHOST": "127.0.0.1", "PGPORT": "3", "PGUSER": "u", "PGAPPNAME": "a"],
                    ["PGSERVICE": "s"], ["PGSERVICE": "s", "PGPORT": "7", "PGSSLMODE": "allow", "PGPASSWORD": "x"],
                    ["PGREQUIRESSL": "1"], ["PGREQUIRESSL": "1", "PGSSLMODE": "disable"], ["PGSSLROOTCERT": "system"],
                    ["PGSSLROOTCERT": "system", "PGSSLMODE": "verify-full"], ["PGUSER": ""],
                    ["PGDATABASE": "", "PGHOST": ""],
                ]
                for variables in settings {
                    for keyword in ConnectionKeyword.all {
                        if let name = keyword.environmentVariable { unsafe unsetenv(name) }
                    }
                    unsafe unsetenv("PGREQUIRESSL")
                    for (name, value) in variables { unsafe setenv(name, value, 1) }
                    unsafe setenv("PGSERVICEFILE", "\(directory)/f", 1)
                    for libpq in ReferenceLibpq.all {
                        let theirs = libpq.defaults() ?? [:]
                        let ours = try ConnectionParameters(ConnectionString(""), .process)
                        for keyword in ConnectionKeyword.all where libpq.keywords.contains(keyword) {
                            // Builds differ in their default; from 16 on the system's roots imply verify-full.
                            guard keyword != .gssencmode else { continue }
                            guard keyword != .sslmode || libpq.version >= 160_000 else { continue }
                            // Not reported there, because it is not an option that the environment fills.
                            guard keyword != .service else { continue }
                            #expect(ours[keyword] == theirs[keyword], "\(libpq) \(keyword) with \(variables)")
                        }
                    }
                }
            }
        }
    }
}
