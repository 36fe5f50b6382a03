import Glibc
import PostgresTestSupport
import PostgresTesting
import Testing

/// Files that a server copies from and to, and psql to tell it so.
struct CopyFiles: Sendable {
    let folder: String
    let server: PostgresServer

    /// Runs `body` with a folder that the server can read and write.
    nonisolated(nonsending) static func with(
        _ live: LiveServer, _ body: nonisolated(nonsending) (CopyFiles) async throws -> Void
    ) async throws {
        let server = try await live.server
        try await TemporaryDirectory.with { folder in
            unsafe chmod(folder, 0o777)
            try await body(CopyFiles(folder: folder, server: server))
        }
    }

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    func write(_ bytes: [UInt8], to name: String) throws {
        try TemporaryDirectory.write(bytes, to: path(name), mode: 0o644)
    }

    func read(_ name: String) throws -> [UInt8] { try readFile(path(name)) }

    /// Has psql run a script and stop at the first error.
    nonisolated(nonsending) func run(_ script: String) async throws {
        try write(Array(script.utf8), to: "script.sql")
        let psql = "\(server.binaries.directory)/psql"
        let program = unsafe access(psql, X_OK) == 0 ? psql : "psql"
        let command = [
            program, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", server.url, "--file", path("script.sql"),
        ]
        let (status, output) = try await ChildProcess.capture(command, secondsMax: 120)
        try #require(status == .code(0), "\(output.suffix(2000))")
    }

    /// A statement of this library with a file in place of the client.
    func sql(_ statement: String, file name: String) -> String {
        statement.replacing("TO STDOUT", with: "TO '\(path(name))'", maxReplacements: 1)
            .replacing("FROM STDIN", with: "FROM '\(path(name))'", maxReplacements: 1) + ";\n"
    }
}

/// Reads a whole file.
func readFile(_ path: String) throws -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY)
    try #require(descriptor >= 0, "\(path) cannot be read")
    defer { close(descriptor) }
    let size = Int(lseek(descriptor, 0, SEEK_END))
    lseek(descriptor, 0, SEEK_SET)
    var bytes = [UInt8](repeating: 0, count: size)
    let count = unsafe read(descriptor, &bytes, size)
    try #require(count == size)
    return bytes
}
