import Glibc
import PostgresTesting

/// A process that owns a server and does nothing more, for the tests that kill it.
@main struct Owner {
    static func main() async throws {
        let server = try await PostgresServer.start(PostgresServerOptions(authentication: .trust))
        // Standard output is a pipe, which `print` would fill only at the end.
        let line = Array("\(server.dataDirectory)\n".utf8)
        _ = unsafe write(STDOUT_FILENO, line, line.count)
        try await Task.sleep(for: .seconds(300))
        await server.stop()
    }
}
