import PostgresTesting

/// Asks a server with its own `psql`.
enum Client {
    /// Runs one statement over a connection URL and returns what `psql` wrote, without the last line break.
    static func answer(to statement: String, from server: PostgresServer, url: String? = nil) async throws -> String {
        let program = "\(server.binaries.directory)/psql"
        let command = [program, "--no-psqlrc", "-w", "-X", "-A", "-t", "-c", statement, url ?? server.url]
        let (_, output) = try await ChildProcess.capture(command)
        return output.hasSuffix("\n") ? String(output.dropLast()) : output
    }
}
