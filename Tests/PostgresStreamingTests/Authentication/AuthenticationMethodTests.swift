import PostgresStreaming
import PostgresTestSupport
import Testing

/// What a real server asks for by its `pg_hba.conf`, and what comes of it.
@Suite(.timeLimit(.minutes(2))) struct AuthenticationMethodTests {
    struct Login: Sendable, CustomStringConvertible {
        let role: String
        var password: String? = AuthenticationServer.password
        var parameters = ""
        var isUnix = false
        /// How it ends; nil is a session.
        var code: PostgresError.Code?
        var sqlState: SQLState?

        var description: String {
            "\(role) \(password == nil ? "without a password" : "") \(parameters) \(isUnix ? "unix" : "tcp")"
        }
    }

    private static let refused = PostgresError.Code.authenticationMethodRefused
    private static let failed = PostgresError.Code.authenticationFailed

    static let logins = [
        Login(role: "m_trust"), Login(role: "m_trust", password: nil),
        Login(role: "m_trust", parameters: "require_auth=none"),
        Login(role: "m_trust", parameters: "require_auth=scram-sha-256", code: refused),
        Login(role: "m_trust", parameters: "require_auth=!none", code: refused),
        Login(role: "m_trust", parameters: "channel_binding=require", code: refused),
        Login(role: "m_reject", code: failed, sqlState: .invalidAuthorizationSpecification),

        Login(role: "m_password", code: refused),
        Login(role: "m_password", parameters: "require_auth=!md5", code: refused),
        Login(role: "m_password", parameters: "require_auth=password"),
        Login(
            role: "m_password", parameters: "require_auth=password,channel_binding=require".replacing(",", with: "&"),
            code: refused),
        Login(
            role: "m_password", password: "wrong", parameters: "require_auth=password", code: failed,
            sqlState: .invalidPassword),
        Login(role: "m_password", password: nil, parameters: "require_auth=password", code: failed),
        Login(role: "m_password", isUnix: true),
        Login(role: "m_password", parameters: "require_auth=!password", isUnix: true, code: refused),
        Login(role: "m_password", password: "wrong", isUnix: true, code: failed, sqlState: .invalidPassword),

        Login(role: "m_md5", code: refused), Login(role: "m_md5", parameters: "require_auth=md5"),
        Login(
            role: "m_md5", password: "wrong", parameters: "require_auth=md5", code: failed, sqlState: .invalidPassword),
        Login(role: "m_md5", parameters: "require_auth=md5&channel_binding=require", code: refused),
        // The method md5 asks for SCRAM where the role's secret is one of SCRAM.
        Login(role: "m_md5_scram"), Login(role: "m_md5_scram", parameters: "require_auth=scram-sha-256"),
        Login(role: "m_md5_scram", parameters: "require_auth=md5", code: refused),

        Login(role: "m_scram"), Login(role: "m_scram", isUnix: true),
        Login(role: "m_scram", parameters: "require_auth=scram-sha-256&channel_binding=disable"),
        Login(role: "m_scram", parameters: "require_auth=!scram-sha-256", code: refused),
        Login(role: "m_scram", parameters: "channel_binding=require", code: refused),
        Login(role: "m_scram", password: "wrong", code: failed, sqlState: .invalidPassword),
        Login(role: "m_scram", password: "", code: failed), Login(role: "m_scram", password: nil, code: failed),
        // The server plays SCRAM to the end for a role that it does not have, or whose secret is of MD5.
        Login(role: "m_scram_md5", code: failed, sqlState: .invalidPassword),
        Login(role: "m_missing", code: failed, sqlState: .invalidPassword),
        Login(role: "m_expired", code: failed, sqlState: .invalidPassword),
        Login(role: "m_empty", code: failed, sqlState: .invalidPassword),
        Login(role: "m_empty", password: "", code: failed),
        Login(role: "m_nologin", code: failed, sqlState: .invalidAuthorizationSpecification),

        Login(role: AuthenticationServer.account, password: nil, isUnix: true),
        Login(role: "m_peer", isUnix: true, code: failed, sqlState: .invalidAuthorizationSpecification),
        Login(role: "m_ident", code: failed, sqlState: .invalidAuthorizationSpecification),
    ]

    private func error(of configuration: PostgresConfiguration) async -> PostgresError? {
        do throws(PostgresError) {
            let connection = try await PostgresConnection.connect(configuration)
            let user = try await connection.query("SELECT current_user::text").first()?.decode(String.self)
            #expect(user == configuration.user)
            await connection.close()
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: LiveServer.allCases, logins)
    func `a login ends as the server's rule and the client's say`(_ live: LiveServer, _ login: Login) async throws {
        let server = try await AuthenticationServer.on(live)
        let configuration = try server.configuration(
            login.role, password: login.password, parameters: login.parameters, isUnix: login.isUnix)
        let error = await error(of: configuration)
        #expect(error?.code == login.code)
        #expect(error?.sqlState == login.sqlState)
        #expect(!printed(error).contains(AuthenticationServer.password))
    }

    @Test(arguments: LiveServer.allCases)
    func `methods for which the server needs libraries are refused by name`(_ live: LiveServer) async throws {
        let server = try await AuthenticationServer.on(live)
        guard server.hasExternalMethods else {
            print("↳ not run: \(live) is built without GSSAPI, LDAP or PAM")
            return
        }
        let gss = await error(of: try server.configuration("m_gss"))
        #expect(gss?.code == .authenticationMethodRefused)
        #expect(gss?.reason == "the server asks for GSSAPI authentication, which this client does not have")
        #expect(gss?.hint == nil)
        // The server passes on what it is told in the clear, so a client cannot see what is behind.
        for role in ["m_pam", "m_ldap"] {
            let error = await error(of: try server.configuration(role))
            #expect(error?.code == .authenticationMethodRefused)
            #expect(error?.reason == "the server asks for a password in the clear, which is not allowed here")
        }
        let ldap = await error(of: try server.configuration("m_ldap", parameters: "require_auth=password"))
        #expect(ldap?.code == .authenticationFailed)
    }

    @Test(arguments: LiveServer.allCases)
    func `a password of thousands of characters is as good as a short one`(_ live: LiveServer) async throws {
        let server = try await AuthenticationServer.on(live)
        let password = String(repeating: "Lang! ", count: 600)
        try await server.run(
            ["m_long", "m_long_clear"].flatMap { role in
                ["DROP ROLE IF EXISTS \(role)", "CREATE ROLE \(role) LOGIN PASSWORD '\(password)'"]
            })
        #expect(await error(of: try server.configuration("m_long", password: password)) == nil)
        let clear = try server.configuration("m_long_clear", password: password, parameters: "require_auth=password")
        #expect(await error(of: clear) == nil)
        let short = try server.configuration("m_long", password: String(password.dropLast()))
        #expect(await error(of: short)?.code == .authenticationFailed)
    }

    @Test(arguments: [1, 4096, 100_000, 100_001])
    func `a role's count of iterations is followed up to the limit`(count: Int) async throws {
        // Older servers know one count only.
        let server = try await AuthenticationServer.on(.postgres18)
        let role = "m_iterations_\(count)"
        try await server.run([
            "SET scram_iterations = \(count)", "CREATE ROLE \(role) LOGIN PASSWORD '\(AuthenticationServer.password)'",
        ])
        #expect(try await server.storedPassword(of: role).hasPrefix("SCRAM-SHA-256$\(count):"))
        var configuration = try server.configuration(role)
        configuration.unverifiedSCRAMIterationsMin = 1
        let error = await error(of: configuration)
        guard count > 100_000 else {
            #expect(error == nil)
            configuration.scramIterations = (count + 1)...200_000
            #expect(await self.error(of: configuration)?.code == .authenticationMethodRefused)
            return
        }
        #expect(error?.code == .authenticationMethodRefused)
        #expect(error?.message.hasSuffix("the server asks for a count of SCRAM iterations outside 1...100000") == true)
        #expect(error?.hint == "If the role's password was stored with so many, allow them with scramIterations.")
        configuration.scramIterations = 1...count
        #expect(await self.error(of: configuration) == nil)
    }

    @Test(arguments: [1, 4095, 4096])
    func `few iterations are done for a server that something vouches for`(count: Int) async throws {
        let server = try await AuthenticationServer.on(.postgres18)
        let role = "m_few_iterations_\(count)"
        try await server.run([
            "SET scram_iterations = \(count)", "CREATE ROLE \(role) LOGIN PASSWORD '\(AuthenticationServer.password)'",
        ])
        #expect(await error(of: try server.configuration(role, isUnix: true)) == nil)
        let error = await error(of: try server.configuration(role))
        guard count < 4096 else {
            #expect(error == nil)
            return
        }
        #expect(error?.code == .authenticationMethodRefused)
        #expect(error?.reason == "the server asks for fewer than 4096 SCRAM iterations, and is not verified")
        #expect(
            error?.hint
                == "That would make the password cheap to guess for a server in disguise: verify the server with "
                + "sslmode=verify-full, or allow fewer with unverifiedSCRAMIterationsMin.")
        var configuration = try server.configuration(role)
        configuration.unverifiedSCRAMIterationsMin = count
        #expect(await self.error(of: configuration) == nil)
        configuration.unverifiedSCRAMIterationsMin = count + 1
        #expect(await self.error(of: configuration)?.code == .authenticationMethodRefused)
    }

    @Test(arguments: ["require", "verify-ca", "verify-full"])
    func `of TLS only that which verifies the host vouches for a server`(mode: String) async throws {
        let server = try await TLSServer.shared
        // PostgreSQL 15 makes 4096 of every password, but takes what others have made.
        let made = try SCRAMServer(password: TLSServer.password, iterations: 100)
        try await PostgresConnection.withConnection(server.adminURL) { admin in
            try await admin.execute(PostgresQuery(unsafeSQL: "DROP ROLE IF EXISTS few_iterations"))
            try await admin.execute(
                PostgresQuery(unsafeSQL: "CREATE ROLE few_iterations LOGIN PASSWORD '\(made.storedPassword())'"))
        }
        let words = "host=db.example sslmode=\(mode) \(server.root) password=\(TLSServer.password)"
        let string = server.string(words, user: "few_iterations")
        do throws(PostgresError) {
            await (try server.connect(string)).close()
            #expect(mode == "verify-full")
        } catch {
            #expect(mode != "verify-full" && error.hint?.contains("unverifiedSCRAMIterationsMin") == true, "\(error)")
        }
    }
}
