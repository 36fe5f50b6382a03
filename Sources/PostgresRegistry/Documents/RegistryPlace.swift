import ConfigText

/// A place in a file of a registry: what an editor shows as line and column.
public struct RegistryPlace: Sendable, Hashable, CustomStringConvertible {
    /// The file's path, or the name that a text was given.
    public let file: String
    /// The line; the first one is 1.
    public let line: Int
    /// The column in Unicode scalars; the first one is 1.
    public let column: Int

    init(file: String, _ position: ConfigPosition) {
        self.file = file
        line = position.line
        column = position.column
    }

    /// The place as in `pgsluice.yaml:3:14`.
    public var description: String { "\(file):\(line):\(column)" }
}

extension RegistryPlace: Comparable {
    /// Orders places of one file as they follow each other, and files by name.
    public static func < (left: Self, right: Self) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}
