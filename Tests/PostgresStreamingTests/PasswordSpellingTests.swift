import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

@Suite(.serialized, .timeLimit(.minutes(2))) struct PasswordSpellingTests {
    @Test(arguments: LiveServer.allCases, PasswordSpelling.all)
    func `a password that the server has hashed is accepted in every spelling`(
        _ live: LiveServer, _ spelling: PasswordSpelling
    ) async throws {
        let admin = try await live.connect()
        try await admin.execute("DROP ROLE IF EXISTS hashed_by_server")
        try await admin.execute(
            PostgresQuery(unsafeSQL: "CREATE ROLE hashed_by_server LOGIN PASSWORD '\(spelling.password)'"))
        try await expectLogins(as: "hashed_by_server", spelling, on: live.server)
        try await admin.execute("DROP ROLE hashed_by_server")
    }

    @Test(arguments: LiveServer.allCases, PasswordSpelling.all)
    func `a password that psql has hashed is accepted in every spelling`(
        _ live: LiveServer, _ spelling: PasswordSpelling
    ) async throws {
        let server = try await live.server
        let admin = try await live.connect()
        try await admin.execute("DROP ROLE IF EXISTS hashed_by_psql")
        try await admin.execute("CREATE ROLE hashed_by_psql LOGIN")
        // Without a terminal, psql reads the password and its repetition from standard input.
        let script = #"printf '%s\n%s\n' "$1" "$1" | "$2" --no-psqlrc "$3" --command '\password hashed_by_psql'"#
        let psql = "\(server.binaries.directory)/psql"
        let command = ["sh", "-c", script, "sh", spelling.password, psql, server.url]
        let (status, output) = try await ChildProcess.capture(command)
        try #require(status == .code(0), "\(output)")
        try await expectLogins(as: "hashed_by_psql", spelling, on: server)
        try await admin.execute("DROP ROLE hashed_by_psql")
    }

    // From version 16 on a session sets the iterations, and hashing costs next to nothing.
    @Test(arguments: [(LiveServer.postgres15, 150), (.postgres18, 3000)])
    func `random passwords are prepared as the server does it`(_ live: LiveServer, count: Int) async throws {
        let seed = UInt64.random(in: .min ... .max)
        print("random passwords: seed \(seed)")
        var generator = SeededGenerator(seed: seed)
        let connection = try await live.connect()
        if live != .postgres15 { try await connection.execute("SET scram_iterations = 1") }
        try await connection.execute("BEGIN")
        try await connection.execute("CREATE ROLE prepared_by_server")
        try await connection.execute(
            """
            CREATE FUNCTION pg_temp.secret(password text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
                EXECUTE format('ALTER ROLE prepared_by_server PASSWORD %L', password);
                RETURN rolpassword FROM pg_authid WHERE rolname = 'prepared_by_server';
            END $$
            """)
        for _ in 0..<count {
            let password = RandomPassword.next(using: &generator)
            let row = try await connection.query("SELECT pg_temp.secret(\(password))").first()
            let text = try #require(try row?.decode(String.self))
            let secret = try #require(SCRAMSecret(text))
            #expect(try secret.isMade(from: password), "seed \(seed): \(Array(password.unicodeScalars))")
        }
        try await connection.execute("ROLLBACK")
    }

    private func expectLogins(as role: String, _ spelling: PasswordSpelling, on server: PostgresServer) async throws {
        for password in [spelling.password] + spelling.same {
            let connection = try await PostgresConnection.connect(server.url(user: role, password: password))
            #expect(try await connection.query("SELECT current_user::text").first()?.decode(String.self) == role)
            await connection.close()
        }
        for password in spelling.other + [spelling.password + "x"] {
            let error = await #expect(throws: PostgresError.self) {
                try await PostgresConnection.connect(server.url(user: role, password: password)).close()
            }
            #expect(error?.code == .authenticationFailed)
        }
    }
}
