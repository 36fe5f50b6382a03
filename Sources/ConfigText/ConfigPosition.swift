/// A place in a document: what an editor shows as line and column.
package struct ConfigPosition: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The line, the first one is 1.
    package let line: Int
    /// The column in Unicode scalars, the first one is 1. A byte order mark does not count.
    package let column: Int

    /// Creates a position.
    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }

    /// The beginning of a document.
    package static let start = ConfigPosition(line: 1, column: 1)

    /// Orders positions as they follow each other in a document.
    package static func < (left: Self, right: Self) -> Bool {
        (left.line, left.column) < (right.line, right.column)
    }

    /// The position as in `line 3, column 14`.
    package var description: String { "line \(line), column \(column)" }
}
