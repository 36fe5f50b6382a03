import Glibc
import PostgresStreaming
import PostgresTestSupport
import Testing

@Suite struct PasswordFileTests {
    private typealias Endpoint = PostgresConfiguration.Endpoint

    private static func look(
        up endpoint: Endpoint, _ user: String = "app", _ database: String = "shop", in text: String
    ) throws -> PasswordFile.Outcome {
        try TemporaryDirectory.with { directory in
            try TemporaryDirectory.write(text, to: "\(directory)/pgpass")
            return PasswordFile.look(up: endpoint, user: user, database: database, at: "\(directory)/pgpass")
        }
    }

    @Test(arguments: [
        ("h:5432:shop:app:secret", "secret"), ("*:*:*:*:secret", "secret"), ("h:*:shop:*:secret:more", "secret"),
        ("#h:5432:shop:app:no\nh:5432:shop:app:secret", "secret"), ("x:*:*:*:no\n\n*:*:*:*:secret\r\n", "secret"),
        ("h:5432:shop:app:a\\:b\\\\c", "a:b\\c"), ("h:5432:shop:app:", ""), ("\\h:5432:s\\hop:app:secret", "secret"),
        ("h:5432:shop:app:a\nh:5432:shop:app:b", "a"), ("h:5432:shop:app:ä b", "ä b"), ("h:5432:shop:app:x\\", "x\\"),
    ])
    func `the first line that fits gives the password`(text: String, password: String) throws {
        #expect(try Self.look(up: .tcp(host: "h"), in: text) == .found(password))
    }

    @Test(arguments: [
        "", "h", "h:5432:shop:app", "h:5432:shop:application:no", "hh:*:*:*:no", "h:5433:*:*:no", "*h:*:*:*:no",
        "**:*:*:*:no",
        "h:5432:shop:ap\\", " h:*:*:*:no",
    ])
    func `a line that does not fit gives none`(text: String) throws {
        #expect(try Self.look(up: .tcp(host: "h"), in: text) == .absent)
    }

    @Test func `a colon in a name is escaped`() throws {
        #expect(try Self.look(up: .tcp(host: "::1"), "a:b", "c\\d", in: "\\:\\:1:*:c\\\\d:a\\:b:yes") == .found("yes"))
    }

    @Test func `an address stands in for a missing host, and localhost for the machine's own socket`() throws {
        #expect(try Self.look(up: .tcp(host: "", address: "10.0.0.1"), in: "10.0.0.1:*:*:*:yes") == .found("yes"))
        #expect(try Self.look(up: .tcp(host: "h", address: "10.0.0.1"), in: "10.0.0.1:*:*:*:no") == .absent)
        #expect(try Self.look(up: .unixSocket(directory: "/x"), in: "/x:*:*:*:yes") == .found("yes"))
        let standard = try PostgresConfiguration(connectionString: "user=app", environment: .none).endpoints[0]
        #expect(try Self.look(up: standard, in: "localhost:*:*:*:yes") == .found("yes"))
    }

    @Test(arguments: [mode_t(0o640), 0o604, 0o644, 0o660])
    func `a file that others may read is refused`(mode: mode_t) throws {
        try TemporaryDirectory.with { directory in
            let path = "\(directory)/pgpass"
            try TemporaryDirectory.write("*:*:*:*:secret", to: path, mode: mode)
            let outcome = PasswordFile.look(up: .tcp(host: "h"), user: "u", database: "d", at: path)
            let problem = "has group or world access; permissions should be u=rw (0600) or less"
            #expect(outcome == .refused("password file \"\(path)\" \(problem)"))
        }
    }

    @Test func `what is no plain file is refused, and what is not there is no error`() throws {
        try TemporaryDirectory.with { directory in
            let endpoint = Endpoint.tcp(host: "h")
            #expect(
                PasswordFile.look(up: endpoint, user: "u", database: "d", at: directory)
                    == .refused("password file \"\(directory)\" is not a plain file"))
            #expect(PasswordFile.look(up: endpoint, user: "u", database: "d", at: "\(directory)/no") == .absent)
        }
    }

    @Test(
        arguments: [
            ([0x61, 0x00, 0x62], "the password holds a NUL character"),
            ([0x70, 0xE4, 0x73], "the password is not UTF-8"),
        ] as [([UInt8], String)])
    func `a password that cannot be used is refused by file and line, and no other line counts`(
        password: [UInt8], problem: String
    ) throws {
        try TemporaryDirectory.with { directory in
            let path = "\(directory)/pgpass"
            let line = Array("h:*:*:*:".utf8) + password + [0x0A]
            try TemporaryDirectory.write(Array("# mine\nx:*:*:*:no\n".utf8) + line + Array("*:*:*:*:no".utf8), to: path)
            let outcome = PasswordFile.look(up: .tcp(host: "h"), user: "u", database: "d", at: path)
            #expect(outcome == .refused("password file \"\(path)\", line 3: \(problem)"))
            // Lines for others may hold what they want.
            let other = PasswordFile.look(up: .tcp(host: "y"), user: "u", database: "d", at: path)
            #expect(other == .found("no"))
        }
    }
}
