import Glibc
import PostgresTesting

/// A process that owns a server, or as many as its argument says, and does nothing more, for the tests that kill it.
@main struct Owner {
    static func main() async throws {
        let count = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 1
        var servers: [PostgresServer] = []
        for _ in 0..<count {
            servers.append(try await PostgresServer.start(PostgresServerOptions(authentication: .trust)))
        }
        let server = servers[count - 1]
        // Standard output is a pipe, which `print` would fill only at the end.
        let line = Array("\(server.dataDirectory)\n".utf8)
        _ = unsafe write(STDOUT_FILENO, line, line.count)
        try await Task.sleep(for: .seconds(300))
        for server in servers { await server.stop() }
    }
}
