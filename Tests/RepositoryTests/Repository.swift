import FoundationEssentials

/// The files of this repository as text.
struct Repository: Sendable {
    /// One file and its lines.
    struct File: Sendable {
        /// The path from the repository's root.
        let path: String
        let lines: [SourceLine]

        /// The name of the target that the file belongs to: the folder below "Sources" or "Tests".
        var target: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

        /// All of it.
        var text: String { lines.map(\.text).joined(separator: "\n") }

        /// Where a rule is broken, as compilers write it.
        func place(_ line: SourceLine) -> String { "\(path):\(line.number): \(line.text)" }

        /// The places of the lines that `isWrong` finds.
        func places(where isWrong: (SourceLine) -> Bool) -> [String] { lines.filter(isWrong).map(place) }
    }

    let files: [File]
    /// The paths of all files, also of those that are no text.
    let paths: [String]

    /// The repository that this file lies in.
    static let here = Repository(root: URL(filePath: #filePath).appending(path: "../../..").standardized.path)

    private init(root: String) {
        paths = Self.paths(below: root, "").sorted()
        files = paths.compactMap { path in
            guard let text = try? String(contentsOfFile: "\(root)/\(path)", encoding: .utf8) else { return nil }
            var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            if lines.last == "" { lines.removeLast() }
            return File(path: path, lines: lines.enumerated().map { SourceLine(number: $0 + 1, text: String($1)) })
        }
    }

    /// The Swift files below one of the folders, which need not exist.
    func swiftFiles(_ folders: String...) -> [File] {
        files.filter { file in file.path.hasSuffix(".swift") && folders.contains { file.path.hasPrefix("\($0)/") } }
    }

    private static func paths(below root: String, _ folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")) ?? []
        return names.filter { !isForeign($0) }.flatMap { name in
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            guard path != "docs/reference" else { return [String]() }
            var isDirectory = false
            _ = FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isDirectory)
            return isDirectory ? paths(below: root, path) : [path]
        }
    }

    /// Build products, the history and what tools leave behind, here and in the packages within.
    private static func isForeign(_ name: String) -> Bool {
        name.hasPrefix(".build") || name == ".git" || name == ".swiftpm"
    }
}

extension Repository {
    /// The text of one file; empty where there is none.
    func text(_ path: String) -> String {
        files.first { $0.path == path }?.text ?? ""
    }
}
