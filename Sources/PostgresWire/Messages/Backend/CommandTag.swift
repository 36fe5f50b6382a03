/// The text by which the server says which command has ended: "SELECT 5", "INSERT 0 5", "BEGIN".
package struct CommandTag: Hashable, Sendable {
    /// The tag as the server wrote it.
    package let text: String

    /// Creates a tag from the server's text.
    package init(_ text: String) {
        self.text = text
    }

    /// The number of rows that the command returned or touched: the number at the end of the tag.
    ///
    /// `nil` if the command has no such number, or if it does not fit into an Int.
    package var rows: Int? {
        guard let space = text.utf8.lastIndex(of: UInt8(ascii: " ")) else { return nil }
        let digits = text[text.utf8.index(after: space)...]
        // Int reads a sign as well, which no tag has.
        guard digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
        return Int(digits)
    }
}
