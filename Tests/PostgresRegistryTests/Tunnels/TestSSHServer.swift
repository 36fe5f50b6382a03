import Glibc
import PostgresTestSupport
import PostgresTesting
import Testing

/// A real sshd for this user, on a port of 127.0.0.1, with keys of its own.
actor TestSSHServer {
    static let program = "/usr/sbin/sshd"
    /// Whether the machine has it.
    static let isThere = unsafe access(program, X_OK) == 0

    nonisolated let directory: String
    nonisolated let port: UInt16
    private var process: ChildProcess?

    /// The user that logs in.
    nonisolated var user: String {
        unsafe getpwuid(geteuid()).map { unsafe String(cString: $0.pointee.pw_name) } ?? ""
    }
    /// The private key that it accepts.
    nonisolated var key: String { "\(directory)/client" }
    /// The file of host keys in which it stands.
    nonisolated var knownHosts: String { "\(directory)/known" }

    /// Makes keys, and starts in the directory.
    init(in directory: String, _ settings: String = "") async throws {
        self.directory = directory
        let listener = try #require(TestListener(.ipv4))
        listener.close()
        port = listener.port
        for name in ["host", "client"] {
            let command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "\(directory)/\(name)"]
            #expect(try await ChildProcess.capture(command).status == .code(0))
        }
        let hostKey = try await ChildProcess.capture(["cat", "\(directory)/host.pub"]).output
        try TemporaryDirectory.write("[127.0.0.1]:\(port),[localhost]:\(port) \(hostKey)", to: "\(directory)/known")
        try TemporaryDirectory.write(
            """
            Port \(port)
            ListenAddress 127.0.0.1
            HostKey \(directory)/host
            AuthorizedKeysFile \(directory)/client.pub
            StrictModes no
            UsePAM no
            PidFile none
            PermitRootLogin prohibit-password
            PasswordAuthentication no
            MaxStartups 1000
            \(settings)

            """, to: "\(directory)/sshd")
        // Debian's sshd wants this to be there where it runs as root.
        if geteuid() == 0 { unsafe mkdir("/run/sshd", 0o755) }
        try await start()
    }

    /// Starts, and waits until it listens.
    func start() async throws {
        let pipe = try Pipe()
        process = try await ChildProcess.start(
            ProcessLaunch([Self.program, "-D", "-e", "-f", "\(directory)/sshd"], output: .descriptor(pipe.writeEnd)))
        close(pipe.writeEnd)
        let said = await onDedicatedThread {
            var text = ""
            while !text.contains("Server listening") {
                let piece = readBytes(from: pipe.readEnd, max: 4096, until: UInt8(ascii: "\n"))
                guard !piece.isEmpty else { return text }
                text += String(decoding: piece, as: UTF8.self)
            }
            return text
        }
        #expect(said.contains("Server listening"), "\(said)")
    }

    /// Kills it and its connections.
    func kill() async {
        guard let process else { return }
        // Each connection has processes of its own, in sessions of their own.
        let connections = ProcessTable.now.descendants(of: process.id).map(\.id)
        await process.signal(SIGKILL)
        for id in connections { Glibc.kill(id, SIGKILL) }
        _ = await process.exitStatus()
    }

    /// Stops it and its connections as SIGSTOP does: nothing is answered any more.
    func suspend() { signalAll(SIGSTOP) }
    /// Lets it go on.
    func resume() { signalAll(SIGCONT) }

    private func signalAll(_ number: Int32) {
        guard let process else { return }
        for id in [process.id] + ProcessTable.now.descendants(of: process.id).map(\.id) { Glibc.kill(id, number) }
    }

    /// The lines of an entry's section `ssh`.
    nonisolated func section(_ more: String = "") -> String {
        "    ssh: {host: 127.0.0.1, port: \(port), user: \(user), key: \(key), known_hosts: \(knownHosts)\(more)}\n"
    }
}
