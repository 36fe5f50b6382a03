import Foundation

/// The files of this repository.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The paths of all files below a directory that end so, without what is built or hidden.
    static func files(below directory: String, suffix: String) throws -> [String] {
        let all = try FileManager.default.subpathsOfDirectory(atPath: root.appending(path: directory).path)
        return all.filter { $0.hasSuffix(suffix) && !$0.hasPrefix(".") }.map { "\(directory)/\($0)" }.sorted()
    }

    /// The blocks of a Markdown file in the given language, without their fences.
    static func blocks(of language: String, in path: String) throws -> [String] {
        let parts = try text(path).components(separatedBy: "```\(language)\n").dropFirst()
        return parts.map { $0.components(separatedBy: "\n```")[0] }
    }
}
