import Glibc
import PostgresStreaming
import PostgresTestSupport
import Testing

/// An error about a value that is not in the string says where the value is.
@Suite(.timeLimit(.minutes(1))) struct ConnectionOriginTests {
    private static func refusal(_ text: String, _ variables: [String: String]) -> PostgresError? {
        do throws(PostgresError) {
            _ = try PostgresConfiguration(
                connectionString: text,
                environment: .init(variables: variables, homeDirectory: nil, userName: "me"))
            return nil
        } catch {
            #expect(error.code == .configurationInvalid)
            return error
        }
    }

    @Test(arguments: [
        ("PGPORT", "x", "port", "is not in 1…65535"),
        ("PGCONNECT_TIMEOUT", "soon", "connect_timeout", "is not a whole number"),
        (
            "PGSSLMODE", "on", "sslmode",
            "is none of disable, allow, prefer, require, verify-ca, verify-full"
        ),
        ("PGSSLSNI", "yes", "sslsni", "is neither 0 nor 1"),
        ("PGCLIENTENCODING", "LATIN1", "client_encoding", "is not UTF8"),
        ("PGREQUIREAUTH", "md5,md5", "require_auth", "names md5 twice"),
        ("PGMAXPROTOCOLVERSION", "3.1", "max_protocol_version", "is none of 3.0, 3.2, latest"),
        ("PGGSSENCMODE", "require", "gssencmode", "asks for GSSAPI encryption, which is not supported"),
        (
            "PGSSLMAXPROTOCOLVERSION", "TLSv1", "ssl_max_protocol_version",
            "is older than TLSv1.2, the oldest that is supported"
        ),
    ])
    func `a value of a variable is refused with the variable's name`(
        name: String, value: String, keyword: String, problem: String
    ) {
        let error = Self.refusal("host=h", [name: value])
        #expect(error?.message == "value of \"\(keyword)\" (environment variable \(name)) \(problem)")
        #expect(Self.refusal("host=h \(keyword)=\(value)", [:])?.message == "value of \"\(keyword)\" \(problem)")
    }

    @Test func `a value of a service file is refused with the file and the section`() throws {
        try TemporaryDirectory.with { directory in
            let file = "\(directory)/services"
            try TemporaryDirectory.write("[shop]\nport=x\nhost=h\n", to: file)
            let error = Self.refusal("service=shop", ["PGSERVICEFILE": file, "PGPORT": "1"])
            #expect(
                error?.message
                    == "value of \"port\" (section \"shop\" of service file \"\(file)\") is not in 1…65535")
        }
    }

    @Test(arguments: [
        (["PGMAXPROTOCOLVERSION": "3.0"], "min_protocol_version=3.2", "max_protocol_version", "PGMAXPROTOCOLVERSION"),
        (["PGMINPROTOCOLVERSION": "3.2"], "max_protocol_version=3.0", "min_protocol_version", "PGMINPROTOCOLVERSION"),
        (["PGSSLMODE": "require"], "sslrootcert=system", "sslmode", "PGSSLMODE"),
        (["PGSSLROOTCERT": "system"], "sslmode=require", "sslrootcert", "PGSSLROOTCERT"),
        (["PGSSLNEGOTIATION": "direct"], "sslmode=prefer", "sslnegotiation", "PGSSLNEGOTIATION"),
        (["PGHOST": "a:5432"], "", "host", "PGHOST"), (["PGHOST": "a;password=geheim"], "", "host", "PGHOST"),
        (["PGHOST": "a,b,c"], "port=1,2", "host", "PGHOST"),
        (["PGHOSTADDR": "1.1.1.1,::1"], "host=a", "hostaddr", "PGHOSTADDR"),
        (
            ["PGSSLMINPROTOCOLVERSION": "TLSv1.3"], "ssl_max_protocol_version=TLSv1.2", "ssl_min_protocol_version",
            "PGSSLMINPROTOCOLVERSION"
        ),
    ])
    func `where values contradict each other the hint says which are not in the string`(
        variables: [String: String], text: String, keyword: String, name: String
    ) {
        let error = Self.refusal(
            "user=u host=h ".replacing("host=h ", with: name.hasPrefix("PGHOST") ? "" : "host=h ") + text, variables)
        let sentence = "The value of \"\(keyword)\" comes from the environment variable \(name)."
        #expect(error?.hint?.hasSuffix(sentence) == true, "\(error?.description ?? "none")")
        #expect(!printed(error).contains("geheim"))
    }

    @Test func `a variable with a NUL is named`() {
        #expect(Self.refusal("", ["PGHOST": "a\0b"])?.message == "environment variable PGHOST holds a NUL character")
    }

    @Test func `a variable that is not UTF-8 is refused by name, and only where it counts`() async {
        await #expect(processExitsWith: .success) {
            let bytes: [CChar] = [0x70, CChar(bitPattern: 0xE4), 0x73, 0]
            for name in ["PGPASSWORD", "PGUSER", "PGSERVICE", "PGTZ"] {
                for other in ["PGPASSWORD", "PGUSER", "PGSERVICE", "PGTZ"] { unsafe unsetenv(other) }
                unsafe setenv(name, bytes, 1)
                do throws(PostgresError) {
                    _ = try PostgresConfiguration(connectionString: "host=h")
                    Issue.record("\(name) was taken")
                } catch {
                    #expect(error.code == .configurationInvalid)
                    #expect(error.message == "environment variable \(name) is not UTF-8")
                }
            }
            unsafe unsetenv("PGTZ")
            unsafe setenv("PGPASSWORD", bytes, 1)
            _ = try PostgresConfiguration(connectionString: "host=h password=mine")
            _ = try PostgresConfiguration(untrusted: "host=h user=u")
        }
    }

    @Test func `a password of the environment or of a service that the server refuses is said to be theirs`()
        async throws
    {
        try await TemporaryDirectory.with { directory in
            let file = "\(directory)/services"
            try TemporaryDirectory.write("[shop]\npassword=geheim1\n", to: file)
            let variables = ["PGPASSWORD": "geheim2", "PGSERVICEFILE": file]
            let ofVariable = try await hintOfRefusal("", variables)
            #expect(ofVariable == "The password came from the environment variable PGPASSWORD.")
            let ofService = try await hintOfRefusal("service=shop", variables)
            #expect(ofService == "The password came from the section \"shop\" of the service file \"\(file)\".")
            let ofString = try await hintOfRefusal("password=geheim3", variables)
            #expect(ofString == nil)
        }
    }

    private func hintOfRefusal(_ text: String, _ variables: [String: String]) async throws -> String? {
        try await ScriptedServer.run(AuthenticationScript.refusesPassword) { server in
            let place = "host=127.0.0.1 port=\(server.port) user=tester dbname=shop"
            let configuration = try PostgresConfiguration(
                connectionString: "\(place) require_auth=password sslmode=disable \(text)",
                environment: .init(variables: variables))
            let error = await failure { try await PostgresConnection.connect(configuration) }
            #expect(error?.code == .authenticationFailed)
            #expect(!printed(error).contains("geheim"))
            return error?.hint
        }
    }

    @Test func `a password that replaces that of the environment is not said to be from there`() async throws {
        try await ScriptedServer.run(AuthenticationScript.refusesPassword) { server in
            var configuration = try PostgresConfiguration(
                connectionString: server.url("require_auth=password").replacing(
                    ":\(TestListener.password)@", with: "@"),
                environment: .init(variables: ["PGPASSWORD": "geheim"]))
            #expect(configuration.password == "geheim")
            configuration.password = "another"
            let error = await failure { try await PostgresConnection.connect(configuration) }
            #expect(error?.code == .authenticationFailed)
            #expect(error?.hint == nil)
        }
    }

    @Test(
        arguments: [
            ("[shop]\nfoo=1", "syntax error", nil),
            ("[shop]\nappname=1", "syntax error", "Did you mean \"application_name\"?"),
            ("[shop]\nhost = h", "syntax error", "No space may stand before the \"=\"."),
            (
                "[shop]\nlock_timeout=1", "syntax error",
                "\"lock_timeout\" is a setting of the server: write options=-c lock_timeout=value."
            ),
        ] as [(String, String, String?)])
    func `a line of a service file that is not understood gets the same hints`(
        text: String, problem: String, hint: String?
    ) throws {
        try TemporaryDirectory.with { directory in
            let file = "\(directory)/services"
            try TemporaryDirectory.write(text, to: file)
            let error = Self.refusal("service=shop", ["PGSERVICEFILE": file])
            #expect(error?.message == "\(problem) in service file \"\(file)\", line 2")
            #expect(error?.hint == hint)
        }
    }
}
