import Glibc
import PostgresTesting

/// A running `PostgresTestingOwner` whose server lives in a temporary directory of its own.
final class Owner: Sendable {
    /// The directory that the owner's servers make theirs in.
    let servers: String
    private let base: String
    private let process: ChildProcess
    private let readEnd: Int32

    /// Starts the owner of so many servers; the prefix is a command that changes the user, if that is wanted.
    static func start(as prefix: [String] = [], servers count: Int = 1) async throws -> Owner {
        var template = Array("/tmp/owner-XXXXXX".utf8CString)
        unsafe mkdtemp(&template)
        let base = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        unsafe chmod(base, 0o755)
        let servers = "\(base)/servers"
        unsafe mkdir(servers, 0o700)
        unsafe chmod(servers, 0o1777)
        // Other users may not be able to reach the build directory, so they get a copy of the program.
        let program = "\(base)/owner"
        _ = try await ChildProcess.capture(["install", "-m", "755", builtProgram(), program])

        let pipe = try Pipe()
        defer { close(pipe.writeEnd) }
        let command = prefix + ["env", "TMPDIR=\(servers)", program, "\(count)"]
        let process = try await ChildProcess.start(ProcessLaunch(command, output: .descriptor(pipe.writeEnd)))
        return Owner(base: base, servers: servers, process: process, readEnd: pipe.readEnd)
    }

    private init(base: String, servers: String, process: ChildProcess, readEnd: Int32) {
        self.base = base
        self.servers = servers
        self.process = process
        self.readEnd = readEnd
    }

    /// Removes what this class made; a server's directory that is still there makes the last step fail.
    deinit {
        close(readEnd)
        unsafe unlink("\(base)/owner")
        unsafe rmdir(servers)
        unsafe rmdir(base)
    }

    /// Waits until the owner's last server is ready, and returns where its data are; an empty text when there is none.
    func dataDirectory() async -> String {
        await onDedicatedThread { [readEnd] in
            String(decoding: readBytes(from: readEnd, max: 4096, until: UInt8(ascii: "\n")).dropLast(), as: UTF8.self)
        }
    }

    /// The data directories of all servers that the owner has, however far they are.
    var dataDirectories: [String] { directoryEntries(servers).map { "\(servers)/\($0)/data" } }

    /// Kills the owner with SIGKILL.
    func kill() async {
        await process.signal(SIGKILL)
        _ = await process.exitStatus()
    }

    /// The programs of a test run lie beside the one that runs the tests.
    private static func builtProgram() -> String {
        let path = linkTarget("/proc/self/exe") ?? ""
        return path.prefix(through: path.lastIndex(of: "/") ?? path.startIndex) + "PostgresTestingOwner"
    }
}
