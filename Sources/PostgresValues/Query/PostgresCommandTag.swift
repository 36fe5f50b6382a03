import PostgresWire

/// What the server says about a command that ended (manual: "CommandComplete").
public struct PostgresCommandTag: Hashable, Sendable, CustomStringConvertible {
    /// The tag as it came, such as `INSERT 0 5` or `CREATE TABLE`.
    public let description: String
    /// The rows that the command returned or touched; nil where the command counts none.
    public let rows: Int?

    /// Takes the tag of a message of the server's.
    package init(_ tag: CommandTag) {
        description = tag.text
        rows = tag.rows
    }
}
