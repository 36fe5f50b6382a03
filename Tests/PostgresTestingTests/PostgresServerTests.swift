import Glibc
import PostgresTesting
import Testing

@Suite struct PostgresServerTests {
    @Test(.enabled("needs PostgreSQL 15 and 18 (scripts/bootstrap)") { await Available.versions(15, 18) })
    func `versions 15 and 18 run at once and both answer`() async throws {
        async let older = PostgresServer.start(PostgresServerOptions(version: .major(15)))
        async let newer = PostgresServer.start(PostgresServerOptions(version: .major(18)))
        for (server, version) in [(try await older, 15), (try await newer, 18)] {
            #expect(server.version == version)
            let number = try await Client.answer(to: "SHOW server_version_num", from: server)
            #expect(number.hasPrefix("\(version)"))
            await server.stop()
        }
    }

    @Test func `a server answers over the socket and over TCP, and does not run as root`() async throws {
        try await PostgresServer.withServer { server in
            for url in [server.url, server.tcpURL] {
                let answer = try await Client.answer(to: "SELECT 6 * 7", from: server, url: url)
                #expect(answer == "42")
            }
            var information = stat()
            #expect(unsafe stat(server.dataDirectory, &information) == 0)
            #expect(information.st_uid != 0)
            #expect(server.log.contains("database system is ready to accept connections"))
        }
    }

    @Test func `stop leaves no process, no directory and no zombie behind`() async throws {
        let server = try await PostgresServer.start()
        let leftovers = Leftovers(of: server)
        #expect(leftovers.processes.ids.count > 1)
        await server.stop()
        #expect(!leftovers.isAnything)
        #expect(await !server.isRunning)
        // Children of other tests are zombies for a moment, until their status is collected; none may stay one.
        var zombies = Set(try await Leftovers.zombies())
        for _ in 0..<100 where !zombies.isEmpty { zombies.formIntersection(try await Leftovers.zombies()) }
        #expect(zombies.isEmpty)
        await server.stop()
    }

    @Test(arguments: [PostgresServer.ShutdownMode.smart, .fast])
    func `a gentler stop writes everything down first`(mode: PostgresServer.ShutdownMode) async throws {
        let server = try await PostgresServer.start()
        let leftovers = Leftovers(of: server)
        await server.stop(mode)
        #expect(!leftovers.isAnything)
    }

    @Test func `a server that nobody holds any more goes away`() async throws {
        let leftovers: Leftovers
        do { leftovers = Leftovers(of: try await PostgresServer.start()) }
        #expect(await eventually { !leftovers.isAnything })
    }

    @Test func `a body that throws stops the server`() async throws {
        var leftovers: Leftovers?
        await #expect(throws: CancellationError.self) {
            try await PostgresServer.withServer { server in
                leftovers = Leftovers(of: server)
                throw CancellationError()
            }
        }
        #expect(try #require(leftovers).isAnything == false)
    }

    @Test func `settings, access rules, files and the superuser's name reach the server`() async throws {
        let options = PostgresServerOptions(
            configuration: ["application_name": #"it's a \ test"#, "max_connections": "7"], authentication: .password,
            accessRules: ["local all all trust"], superuser: "an admin", files: ["note.txt": "hello"])
        try await PostgresServer.withServer(options) { server in
            let maximum = try await Client.answer(to: "SHOW max_connections", from: server)
            #expect(maximum == "7")
            let user = try await Client.answer(to: "SELECT current_user", from: server, url: server.tcpURL)
            #expect(user == "an admin")
            let trusted = try await Client.answer(to: "SELECT 1", from: server, url: server.url(password: "wrong"))
            #expect(trusted == "1")
            let file = try await Client.answer(to: "SELECT pg_read_file('note.txt')", from: server)
            #expect(file == "hello")
            let statement = "SELECT setting FROM pg_file_settings WHERE name = 'application_name'"
            let setting = try await Client.answer(to: statement, from: server)
            #expect(setting == #"it's a \ test"#)
        }
    }

    @Test(arguments: [
        (PostgresServerOptions.Authentication.scramSHA256, "SCRAM-SHA-256"), (.md5, "md5"),
        (.password, "SCRAM-SHA-256"),
    ])
    func `authentication refuses a wrong password and accepts the right one`(
        authentication: PostgresServerOptions.Authentication, stored: String
    ) async throws {
        let options = PostgresServerOptions(authentication: authentication, password: "a/p@ss:w#rd'")
        try await PostgresServer.withServer(options) { server in
            let prefix = "SELECT left(rolpassword, \(stored.count)) FROM pg_authid WHERE rolname = current_user"
            for (right, wrong) in [
                (server.url, server.url(password: "wrong")), (server.tcpURL, server.tcpURL(password: "wrong")),
            ] {
                #expect(try await Client.answer(to: prefix, from: server, url: right) == stored)
                let refusal = try await Client.answer(to: prefix, from: server, url: wrong)
                #expect(refusal.contains("password authentication failed"))
            }
        }
    }

    @Test func `a port that somebody listens on is survived`() async throws {
        try await PostgresServer.withServer(PostgresServerOptions(authentication: .trust)) { first in
            let free = first.port == 32_767 ? 10_240 : first.port + 1
            let second = try await PostgresServer.start(
                PostgresServerOptions(authentication: .trust), ports: [first.port, free])
            #expect(second.port == free)
            for server in [first, second] {
                let port = try await Client.answer(to: "SHOW port", from: server, url: server.tcpURL)
                #expect(port == "\(server.port)")
            }
            await second.stop()
        }
    }

    @Test func `a port that is taken on one of the two addresses only is not used`() async throws {
        let listener = try #require(LoopbackListener())
        let error = await #expect(throws: PostgresServerError.self) {
            _ = try await PostgresServer.start(PostgresServerOptions(), ports: [listener.port])
        }
        #expect(error?.code == .portInUse)
    }

    @Test func `a setting that the server refuses gives an error with the end of the log`() async throws {
        let error = await #expect(throws: PostgresServerError.self) {
            _ = try await PostgresServer.start(PostgresServerOptions(configuration: ["max_connections": "many"]))
        }
        #expect(error?.code == .startFailed)
        #expect(error?.detail?.contains("max_connections") == true)
    }

    @Test(arguments: [
        PostgresServerOptions(configuration: ["port": "5432"]), PostgresServerOptions(configuration: ["a b": "1"]),
        PostgresServerOptions(accessRules: ["local all all trust\nhost all all all trust"]),
        PostgresServerOptions(superuser: "pg_me"), PostgresServerOptions(password: ""),
        PostgresServerOptions(files: ["../hba": ""]), PostgresServerOptions(startSecondsMax: 0),
    ])
    func `options that make no sense are refused`(options: PostgresServerOptions) async {
        let error = await #expect(throws: PostgresServerError.self) { _ = try await PostgresServer.start(options) }
        #expect(error?.code == .invalidOptions)
    }

    @Test func `the description of options tells no secret`() {
        let options = PostgresServerOptions(configuration: ["primary_conninfo": "secret"], password: "secret")
        #expect(!"\(options) \(String(reflecting: options))".contains("secret"))
    }
}
