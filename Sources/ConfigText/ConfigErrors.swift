/// What is wrong with a document: all that could be told at once, in the order of the positions.
package struct ConfigErrors: Error, Sendable, Hashable {
    /// The most errors that are told of one document.
    package static let countMax = 100

    /// The errors, at least one and at most `countMax`.
    package let all: [ConfigError]

    /// The error that stands first in the document.
    package var first: ConfigError { all[0] }

    /// Creates a list of errors: `first`, and the others where there are any.
    package init(_ first: ConfigError, _ others: [ConfigError] = []) {
        all = Array(([first] + others).sorted { $0.position < $1.position }.prefix(Self.countMax))
    }
}

extension ConfigErrors: CustomStringConvertible {
    /// The errors, one on each line.
    package var description: String { all.map(\.description).joined(separator: "\n") }
}
