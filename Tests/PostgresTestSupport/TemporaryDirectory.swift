import Glibc

/// A directory that is gone with all files in it when a test is over.
package enum TemporaryDirectory {
    /// Makes a directory, runs `body` with its path and removes it with the files in it.
    package static func with<Result>(_ body: (String) throws -> Result) throws -> Result {
        let path = try make()
        defer { remove(path) }
        return try body(path)
    }

    /// As the form above, for a body that waits.
    package nonisolated(nonsending) static func with<Result>(
        _ body: nonisolated(nonsending) (String) async throws -> Result
    ) async throws -> Result {
        let path = try make()
        defer { remove(path) }
        return try await body(path)
    }

    /// Writes a file that only its owner may read, or with the mode given.
    package static func write(_ text: String, to path: String, mode: mode_t = 0o600) throws {
        try write(Array(text.utf8), to: path, mode: mode)
    }

    /// Writes a file of these bytes that only its owner may read, or with the mode given.
    package static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o600) throws {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, mode)
        guard descriptor >= 0 else { throw Failure(code: errno) }
        defer { close(descriptor) }
        fchmod(descriptor, mode)
        guard unsafe Glibc.write(descriptor, bytes, bytes.count) == bytes.count else { throw Failure(code: errno) }
    }

    private struct Failure: Error {
        let code: Int32
    }

    private static func make() throws -> String {
        var template = Array("/tmp/postgres-streaming-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw Failure(code: errno) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Tests put files into it, and no directories.
    private static func remove(_ path: String) {
        guard let directory = unsafe opendir(path) else { return }
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { name in
                unsafe String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
            }
            unsafe unlink("\(path)/\(name)")
        }
        unsafe closedir(directory)
        unsafe rmdir(path)
    }
}
