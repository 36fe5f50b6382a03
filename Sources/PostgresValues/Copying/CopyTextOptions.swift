/// The options of the text format (manual: COPY, "Text Format").
///
/// What the server would refuse is refused when the options are used, with `queryInvalid`.
public struct CopyTextOptions: Hashable, Sendable {
    /// What separates the columns: one ASCII character, no line break, backslash, full stop, digit or lower-case letter.
    public var delimiter: Character
    /// What stands for NULL. It has neither line breaks nor the delimiter in it.
    public var null: String
    /// What stands for a column's default when copying in; nil for nothing. Servers from 16 on.
    public var defaultMarker: String?
    /// Whether the first line has the names of the columns. Servers from 15 on.
    public var header: CopyHeader

    /// Creates the options; those that are left out are the server's own.
    public init(
        delimiter: Character = "\t", null: String = "\\N", defaultMarker: String? = nil, header: CopyHeader = .none
    ) {
        self.delimiter = delimiter
        self.null = null
        self.defaultMarker = defaultMarker
        self.header = header
    }

    /// Checks the options by the rules of the server.
    func validate() throws(PostgresError) {
        let rules = CopyOptionRules(format: "text", null: null, defaultMarker: defaultMarker)
        let delimiter = try rules.byte(self.delimiter, "delimiter")
        guard !Self.isUsedInEscapes(delimiter) else {
            throw .copyRefused(
                "the delimiter of the text format cannot be one that stands after a backslash: "
                    + "a backslash, a full stop, a digit or a lower-case letter")
        }
        try rules.checkMarkers(delimiter: delimiter, quote: nil)
    }

    private static func isUsedInEscapes(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\\") || byte == UInt8(ascii: ".") || byte.isASCIIDigit
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }
}
