import Glibc

/// A file that is written under another name and gets its own only when it is whole and on the disk.
///
/// A program that dies in the middle leaves a file whose name ends in `.partial`; one that fails leaves none.
struct CopyFileExport: ~Copyable {
    private let path: String
    private let partialPath: String
    let file: CopyFile
    private var isKept = false

    /// Makes the file of the other name, in the same directory.
    ///
    /// - Throws: `fileFailed`.
    init(path: String) throws(PostgresError) {
        self.path = path
        partialPath = "\(path).\(getpid())-\(UInt32.random(in: 0 ... .max)).partial"
        file = try CopyFile(path: partialPath, O_WRONLY | O_CREAT | O_EXCL, "cannot make the file")
    }

    /// Gives the file its own name, in the place of one that had it.
    ///
    /// - Throws: `fileFailed`, `cancelled`.
    mutating nonisolated(nonsending) func finish() async throws(PostgresError) {
        try await file.synchronize()
        guard unsafe rename(partialPath, path) == 0 else { throw .file("cannot name the file", errno) }
        isKept = true
        let directory = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? "."
        try await CopyFile(path: directory, O_RDONLY | O_DIRECTORY, "cannot open the directory").synchronize()
    }

    deinit { if !isKept { unsafe unlink(partialPath) } }
}

extension CopyFile {
    /// Has `body` write a file that is there under its name only when it is whole; what is no plain file is written to as it is.
    ///
    /// - Throws: `fileFailed`, and what `body` throws.
    package nonisolated(nonsending) static func export<Result>(
        to path: String, _ body: nonisolated(nonsending) (CopyFile) async throws(PostgresError) -> Result
    ) async throws(PostgresError) -> Result {
        var status = stat()
        if unsafe stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            return try await body(CopyFile(path: path, O_WRONLY, "cannot open the file"))
        }
        var export = try CopyFileExport(path: path)
        let result = try await body(export.file)
        try await export.finish()
        return result
    }
}
