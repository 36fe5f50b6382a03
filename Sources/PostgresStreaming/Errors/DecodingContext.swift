extension PostgresError {
    /// Which value of a result could not be decoded, and into what. The value itself is never part of it.
    public struct DecodingContext: Hashable, Sendable {
        /// The column's name; nil where a decoder read cells that belong to no result.
        public internal(set) var columnName: String?
        /// The column's index from 0.
        public internal(set) var columnIndex: Int
        /// The column's type.
        public internal(set) var columnType: PostgresType
        /// The name of the Swift type.
        public internal(set) var swiftType: String
        /// The number of the row in its result, from 1; nil where nobody counted.
        public internal(set) var rowNumber: Int?

        /// What a message says beside its own words.
        func text(behind message: String) -> String {
            var text = columnName.map { ": column \($0.quotedInOneLine)" } ?? ": column"
            if !message.contains(columnType.description) { text += " of type \(columnType)" }
            text += " at index \(columnIndex)"
            if let rowNumber { text += " of row \(rowNumber)" }
            return text
        }
    }
}

extension String {
    /// The text in quotes and in one line, cut where it is longer than any name: a server may name things as it likes.
    var quotedInOneLine: String {
        let unseen: Set<Unicode.GeneralCategory> = [.control, .format, .lineSeparator, .paragraphSeparator]
        let scalars = unicodeScalars.prefix(Self.shownScalarsMax).map { scalar in
            unseen.contains(scalar.properties.generalCategory) ? "?" : Character(scalar)
        }
        return "\"\(String(scalars))\(unicodeScalars.count > scalars.count ? "…" : "")\""
    }

    private static let shownScalarsMax = 128
}
