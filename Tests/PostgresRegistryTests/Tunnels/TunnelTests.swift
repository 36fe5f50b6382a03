import Glibc
import PostgresRegistry
import PostgresStreaming
import PostgresTestSupport
import PostgresTesting
import Testing

/// Connections through a real sshd, and what becomes of them when it does not do its part.
@Suite(
    .timeLimit(.minutes(3)),
    .enabled(if: TestSSHServer.isThere, "openssh-server is not on this machine; scripts/bootstrap --full installs it"))
struct TunnelTests {
    private static let aborts = Int(environmentText("REGISTRY_ABORTS") ?? "") ?? 9

    /// Runs `body` with an sshd, and sees to it that no `ssh` is left.
    private nonisolated(nonsending) func withSSH(
        _ settings: String = "", _ body: nonisolated(nonsending) (TestSSHServer) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.with { directory in
            let ssh = try await TestSSHServer(in: directory, settings)
            do {
                try await body(ssh)
            } catch {
                await ssh.kill()
                throw error
            }
            await ssh.kill()
        }
        // The kernel is told to kill them; that takes a moment.
        while ProcessTable.sshCount > 0 { await Task.yield() }
    }

    /// The folders of tunnels that there are, of other processes too.
    private static var folders: Set<String> {
        Set(
            (directoryEntries("/tmp") + directoryEntries(environmentText("XDG_RUNTIME_DIR") ?? "/nonexistent")).filter {
                $0.hasPrefix("pgsluice-")
            })
    }

    private func error(_ text: String) async throws -> PostgresError? {
        let registry = try await Registry.open(.text(text))
        let client = try registry.client(named: "orders")
        let error = await failure { try await client.connect() }
        await registry.close()
        return error
    }

    @Test func `a query, and a cancel request, go through the tunnel`() async throws {
        let server = try await LiveServer.postgres15.server
        try await withSSH { ssh in
            let registry = try await Registry.open(.text("connections:\n  orders:\n" + server.entry() + ssh.section()))
            let client = try registry.client(named: "orders")
            try await client.withConnection { connection in
                #expect(connection.information.address.contains("/pgsluice-"))
                // What the server sees is the host that the tunnel ends at.
                let peer = try await connection.query("SELECT host(inet_client_addr())").only().decode(String.self)
                #expect(peer == "127.0.0.1")
                var options = StreamOptions()
                options.timeout = .milliseconds(100)
                let cancelled = await failure { try await connection.execute("SELECT pg_sleep(60)", options: options) }
                #expect(cancelled?.code == .queryTimedOut && cancelled?.isConnectionUsable == true)
                let process = try await connection.query("SELECT pg_backend_pid()").only().decode(Int.self)
                #expect(process > 0)
            }
            #expect(try await registry.health()["orders"]?.state == .ready)
            #expect(ProcessTable.sshCount == 1)
            await registry.close()
        }
    }

    @Test func `the certificate is that of the server, and of no other name`() async throws {
        let certificates = try TestCertificates.shared
        let (certificate, key) = (try certificates.text("good.chain.crt"), try certificates.text("good.key"))
        let server = try await LiveServer.postgres15.startAnother {
            $0.files = ["server.crt": certificate, "server.key": key]
            $0.configuration["ssl"] = "on"
            $0.configuration["ssl_cert_file"] = "server.crt"
            $0.configuration["ssl_key_file"] = "server.key"
        }
        try await withSSH { ssh in
            func text(_ host: String) -> String {
                "connections:\n  orders:\n"
                    + server.entry().replacing("host: \(server.host)", with: "host: \(host)")
                    .replacing("sslmode: disable", with: "sslmode: verify-full") + ssh.section()
                    + "    hostaddr: 127.0.0.1\n    sslrootcert: \(certificates.path("root.crt"))\n"
            }
            let registry = try await Registry.open(.text(text("db.example")))
            try await registry.client(named: "orders").withConnection { connection in
                #expect(connection.information.tls?.isServerVerified == true)
                var options = StreamOptions()
                options.timeout = .milliseconds(100)
                let cancelled = await failure { try await connection.execute("SELECT pg_sleep(60)", options: options) }
                #expect(cancelled?.isConnectionUsable == true)
            }
            await registry.close()
            #expect(try await error(text("another.invalid"))?.code == .serverNotVerified)
        }
        await server.stop()
    }

    @Test func `a host key that is wrong or not known is refused`() async throws {
        let server = try await LiveServer.postgres15.server
        try await withSSH { ssh in
            let entry = "connections:\n  orders:\n" + server.entry()
            let unknown = try await error(
                entry + ssh.section().replacing("known_hosts: \(ssh.knownHosts)", with: "known_hosts: /dev/null"))
            #expect(unknown?.code == .serverNotVerified, "\(String(describing: unknown))")
            #expect(unknown?.message.contains("Host key verification failed") == true)

            let other = try await ChildProcess.capture(["cat", "\(ssh.directory)/client.pub"]).output
            try TemporaryDirectory.write("[127.0.0.1]:\(ssh.port) \(other)", to: "\(ssh.directory)/changed")
            let changed = try await error(
                entry + ssh.section().replacing(ssh.knownHosts, with: "\(ssh.directory)/changed"))
            #expect(changed?.code == .serverNotVerified, "\(String(describing: changed))")
            #expect(changed?.message.contains("HOST IDENTIFICATION HAS CHANGED") == true)
        }
    }

    @Test func `a login that is refused, a host that is not there and a program that is missing are told apart`()
        async throws
    {
        let server = try await LiveServer.postgres15.server
        try await withSSH { ssh in
            let entry = "connections:\n  orders:\n" + server.entry()
            let login = try await error(entry + ssh.section().replacing(ssh.key, with: "\(ssh.directory)/host"))
            #expect(login?.code == .authenticationFailed && login?.message.contains("Permission denied") == true)
            await ssh.kill()
            let gone = try await error(
                entry + "    connect_timeout: 2\n" + ssh.section() + "    pool: {lease_timeout: 1s}\n")
            #expect(gone?.code == .connectFailed && gone?.message.contains("Connection refused") == true)
            let registry = try await Registry.open(.text(entry + ssh.section()))
            #expect(try await registry.health()["orders"]?.state == .tunnelFailed)
            await registry.close()
        }
    }

    @Test func `a forward that is refused, and a server that is not there, are told in ssh's words`() async throws {
        let server = try await LiveServer.postgres15.server
        let entry = "connections:\n  orders:\n" + server.entry()
        try await withSSH("AllowTcpForwarding no") { ssh in
            let refused = try await error(entry + ssh.section())
            #expect(refused?.message.contains("administratively prohibited") == true, "\(String(describing: refused))")
        }
        try await withSSH { ssh in
            let closed = try #require(TestListener(.ipv4))
            closed.close()
            let missing = try await error(
                entry.replacing("port: \(server.port)", with: "port: \(closed.port)") + ssh.section())
            #expect(missing?.message.contains("Connection refused") == true, "\(String(describing: missing))")
        }
    }

    @Test func `hosts on the way are gone through, with the same checks`() async throws {
        let server = try await LiveServer.postgres15.server
        try await withSSH { ssh in
            let entry = "connections:\n  orders:\n" + server.entry()
            let registry = try await Registry.open(
                .text(entry + ssh.section(", jump: \"\(ssh.user)@localhost:\(ssh.port)\"")))
            #expect(try await registry.client(named: "orders").query("SELECT 7").only().decode(Int.self) == 7)
            #expect(ProcessTable.sshCount == 2)
            await registry.close()
        }
    }

    @Test func `after sshd was killed the next call opens another tunnel`() async throws {
        let server = try await LiveServer.postgres15.server
        try await withSSH { ssh in
            let registry = try await Registry.open(.text("connections:\n  orders:\n" + server.entry() + ssh.section()))
            let client = try registry.client(named: "orders")
            let lost = await failure {
                try await client.withConnection { connection in
                    try await connection.execute("SELECT 1")
                    await ssh.kill()
                    try await connection.execute("SELECT 1")
                }
            }
            #expect(lost?.code == .connectionLost, "\(String(describing: lost))")
            try await ssh.start()
            #expect(try await client.query("SELECT 7").only().decode(Int.self) == 7)
            #expect(ProcessTable.sshCount == 1)
            await registry.close()
        }
    }

    @Test func `no ssh is left, whenever its connection is given up`() async throws {
        let server = try await LiveServer.postgres15.server
        try await withSSH { ssh in
            let before = Self.folders
            let text = "connections:\n  orders:\n" + server.entry() + ssh.section()
            for round in 0..<Self.aborts {
                let registry = try await Registry.open(.text(text))
                let client = try registry.client(named: "orders")
                let task = Task { try await client.execute("SELECT pg_sleep(60)") }
                // Given up at once, while ssh logs in, or in the query.
                while round % 3 != 0, ProcessTable.sshCount == 0 { await Task.yield() }
                while try round % 3 == 2 && client.statistics.leased == 0 { await Task.yield() }
                task.cancel()
                _ = await task.result
                if round % 2 == 0 { await registry.close() }
            }
            while ProcessTable.sshCount > 0 { await Task.yield() }
            while !Self.folders.isSubset(of: before) { await Task.yield() }
        }
    }
    @Test func `ssh ends with its process, also where that is killed`() async throws {
        let server = try await LiveServer.postgres15.server
        try await withSSH { ssh in
            let path = "\(ssh.directory)/pgsluice.yaml"
            try TemporaryDirectory.write("connections:\n  orders:\n" + server.entry() + ssh.section(), to: path)
            let before = Self.folders
            let (input, output) = (try Pipe(), try Pipe())
            defer { for end in [input.readEnd, input.writeEnd, output.readEnd] { close(end) } }
            let own = linkTarget("/proc/self/exe") ?? ""
            let program = own.prefix(through: own.lastIndex(of: "/") ?? own.startIndex) + "PostgresRegistryOwner"
            let owner = try await ChildProcess.start(
                ProcessLaunch([String(program), path], input: input.readEnd, output: .descriptor(output.writeEnd)))
            close(output.writeEnd)
            let said = await onDedicatedThread { [end = output.readEnd] in
                readBytes(from: end, max: 4096, until: UInt8(ascii: "\n"))
            }
            #expect(String(decoding: said, as: UTF8.self) == "ready\n")
            let children = ProcessTable.now.descendants(of: owner.id)
            #expect(children.map(\.name) == ["ssh"])
            await owner.signal(SIGKILL)
            _ = await owner.exitStatus()
            let ids = Set(children.map(\.id))
            while ProcessTable.now.entries.contains(where: { ids.contains($0.id) && $0.name == "ssh" }) {
                await Task.yield()
            }
            // What it left is removed when the next tunnel is opened.
            let left = Self.folders.subtracting(before)
            #expect(left.count == 1)
            let registry = try await Registry.open(.file(path))
            try await registry.client(named: "orders").connect()
            #expect(Self.folders.isDisjoint(with: left))
            await registry.close()
        }
    }

    @Test(
        .enabled(if: environmentText("REGISTRY_SECONDS") != nil, "it takes four seconds; scripts/soak registry runs it")
    )
    func `a host that falls silent is noticed`() async throws {
        let server = try await LiveServer.postgres15.server
        try await withSSH { ssh in
            let registry = try await Registry.open(
                .text("connections:\n  orders:\n" + server.entry() + ssh.section(", alive_interval: 1s")))
            let lost = await failure {
                try await registry.client(named: "orders").withConnection { connection in
                    try await connection.execute("SELECT 1")
                    await ssh.suspend()
                    try await connection.execute("SELECT 1")
                }
            }
            #expect(lost?.code == .connectionLost, "\(String(describing: lost))")
            await ssh.resume()
            try await registry.client(named: "orders").connect()
            await registry.close()
        }
    }
}
