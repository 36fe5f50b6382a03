/// The options of the CSV format (manual: COPY, "CSV Format").
///
/// What the server would refuse is refused when the options are used, with `queryInvalid`.
public struct CopyCSVOptions: Hashable, Sendable {
    /// What separates the columns: one ASCII character, other than a line break and the quote.
    public var delimiter: Character
    /// What stands for NULL where it is not quoted. It has no line breaks, delimiter or quote in it.
    public var null: String
    /// What stands for a column's default when copying in; nil for nothing. Servers from 16 on.
    public var defaultMarker: String?
    /// What stands around a quoted value: one ASCII character.
    public var quote: Character
    /// What stands before a quote within a quoted value: one ASCII character; nil for the quote itself, doubled.
    public var escape: Character?
    /// Whether the first line has the names of the columns.
    public var header: CopyHeader
    /// The columns whose values are always quoted when copying out. NULL is never quoted.
    public var forceQuote: CopyColumnSelection = .none
    /// The columns whose quoted values are compared with `null` too when copying in.
    public var forceNull: CopyColumnSelection = .none
    /// The columns whose values are never compared with `null` when copying in.
    public var forceNotNull: CopyColumnSelection = .none

    /// Creates the options; those that are left out are the server's own.
    public init(
        delimiter: Character = ",", null: String = "", defaultMarker: String? = nil, quote: Character = "\"",
        escape: Character? = nil, header: CopyHeader = .none
    ) {
        self.delimiter = delimiter
        self.null = null
        self.defaultMarker = defaultMarker
        self.quote = quote
        self.escape = escape
        self.header = header
    }

    /// Checks the options by the rules of the server.
    func validate() throws(PostgresError) {
        let rules = CopyOptionRules(format: "CSV", null: null, defaultMarker: defaultMarker)
        let delimiter = try rules.byte(self.delimiter, "delimiter")
        let quote = try rules.byte(self.quote, "quote")
        if let escape { _ = try rules.byte(escape, "escape") }
        guard delimiter != quote else { throw .copyRefused("the delimiter and the quote have to be different") }
        try rules.checkMarkers(delimiter: delimiter, quote: quote)
        for (name, selection) in [
            ("forceQuote", forceQuote), ("forceNull", forceNull), ("forceNotNull", forceNotNull),
        ] where selection == .columns([]) {
            throw .copyRefused("\(name) names no column", hint: "Leave it at .none.")
        }
    }
}
