public import PostgresWire

extension PostgresError {
    /// Which value of a result could not be decoded, and into what. The value itself is never part of it.
    public struct DecodingContext: Hashable, Sendable {
        /// The column's name; nil where a cursor was read that knows its cells alone.
        public internal(set) var columnName: String?
        /// The column's index from 0.
        public internal(set) var columnIndex: Int
        /// The column's type.
        public internal(set) var columnType: PostgresType
        /// The name of the Swift type.
        public internal(set) var swiftType: String
        /// The number of the row in its result, from 1; nil where a cursor was read that knows its cells alone.
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

extension PostgresError {
    /// Returns the error with the column that it happened in, unless that is known already or the row itself does not
    /// hold together.
    @usableFromInline
    @inline(never)
    func located<Value>(_ value: Value.Type, column: Int, _ type: ColumnType) -> PostgresError {
        guard decoding == nil, code != .protocolViolation else { return self }
        return PostgresError(
            self,
            in: DecodingContext(
                columnName: nil, columnIndex: column, columnType: PostgresType(rawValue: type.typeOID),
                swiftType: "\(Value.self)", rowNumber: nil))
    }

    /// Returns the error with what a cursor does not know: the column's name and the row's number.
    @usableFromInline
    @inline(never)
    package func located(in layout: ColumnLayout, rowNumber: Int) -> PostgresError {
        guard var context = decoding, context.rowNumber == nil else { return self }
        if layout.columns.indices.contains(context.columnIndex) {
            context.columnName = layout.columns[context.columnIndex].name
        }
        context.rowNumber = rowNumber
        return PostgresError(self, in: context)
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
