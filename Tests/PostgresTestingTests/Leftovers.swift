import Glibc
import PostgresTesting

/// What could stay behind of a server.
struct Leftovers {
    let directory: String
    let processes: ServerProcesses

    init(dataDirectory: String) {
        directory = String(dataDirectory.dropLast("/data".count))
        processes = ServerProcesses(dataDirectory: dataDirectory)
    }

    init(of server: PostgresServer) { self.init(dataDirectory: server.dataDirectory) }

    var isDirectoryThere: Bool { unsafe access(directory, F_OK) == 0 }
    var isAnything: Bool { isDirectoryThere || !processes.ids.isEmpty }

    /// The children of this process that ended and were not waited for.
    static func zombies() async throws -> [String] {
        let (_, output) = try await ChildProcess.capture(["ps", "--ppid", "\(getpid())", "-o", "stat=,pid=,comm="])
        return output.split(separator: "\n").map(String.init).filter { $0.hasPrefix("Z") }
    }
}
