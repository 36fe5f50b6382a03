import ConfigText
import PostgresStreaming

/// A file of a registry that was read and parsed.
struct DocumentFile: Sendable {
    /// The path, or the name that a text was given.
    let name: String
    /// The folder that paths in it are relative to.
    let folder: String
    /// The outermost value.
    let root: ConfigNode
    /// Whether others than its owner have access to it.
    let isOpenToOthers: Bool
    /// How the file looked before it was read; nil for a text.
    let stamp: FileStamp?

    /// Reads a file of a megabyte at most.
    static func read(_ path: String) throws(RegistryError) -> DocumentFile {
        let stamp = FileStamp(path)
        let file: SmallFile
        do throws(SmallFile.Failure) {
            file = try SmallFile(path: path)
        } catch {
            if case .missing = error { throw RegistryError(.documentMissing, "file \"\(path)\" does not exist") }
            throw RegistryError(.documentInvalid, "file \"\(path)\" \(error)")
        }
        return try DocumentFile(
            name: path, folder: Self.folder(of: path), bytes: file.bytes, format: ConfigFormat(fileName: path),
            isOpenToOthers: file.isOpenToOthers, stamp: stamp)
    }

    /// Parses a text that is in memory already.
    init(
        name: String, folder: String, bytes: [UInt8], format: ConfigFormat, isOpenToOthers: Bool = false,
        stamp: FileStamp? = nil
    ) throws(RegistryError) {
        self.name = name
        self.folder = folder
        self.isOpenToOthers = isOpenToOthers
        self.stamp = stamp
        do throws(ConfigErrors) {
            root = try ConfigDocument.read(bytes, format: format).root
        } catch {
            throw RegistryError(
                .documentInvalid,
                error.all.map { problem in
                    RegistryProblem(
                        problem.message, hint: problem.hint, at: RegistryPlace(file: name, problem.position))
                })
        }
    }

    /// Where a value stands.
    func place(_ position: ConfigPosition) -> RegistryPlace { RegistryPlace(file: name, position) }

    /// The path of a file that is named in this one.
    func path(_ written: String) -> String { FilePath.resolve(written, in: folder) }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

/// Paths as they are written in documents.
enum FilePath {
    /// An absolute path stays; `~/` is the home directory; all else is relative to the folder.
    static func resolve(_ written: String, in folder: String) -> String {
        if written.hasPrefix("/") { return written }
        if written.hasPrefix("~/"), let home = ConnectionEnvironment.process.homeDirectory {
            return home + written.dropFirst(1)
        }
        return folder == "." ? written : folder.hasSuffix("/") ? folder + written : "\(folder)/\(written)"
    }
}
