import Glibc
import Testing

/// A command that a test runs in the repository's root.
enum Command {
    /// Returns what it printed, errors too, and whether it ended well.
    static func run(_ command: String) throws -> (isFine: Bool, output: String) {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let stream = try unsafe #require(unsafe popen("cd '/\(root)' && \(command) 2>&1", "r"))
        var output = ""
        var line = [CChar](repeating: 0, count: 4096)
        while unsafe fgets(&line, Int32(line.count), stream) != nil {
            output += String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        return (unsafe pclose(stream) == 0, output)
    }
}
