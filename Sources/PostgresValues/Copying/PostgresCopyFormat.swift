/// The format of the data of a COPY (manual: COPY, "File Formats").
///
/// ```swift
/// let format = PostgresCopyFormat.csv(CopyCSVOptions(delimiter: ";", header: .present))
/// ```
public struct PostgresCopyFormat: Hashable, Sendable {
    /// One of the three formats with what it may be given.
    package enum Kind: Hashable, Sendable {
        /// Lines with backslash escapes.
        case text(CopyTextOptions)
        /// Comma-separated values.
        case csv(CopyCSVOptions)
        /// Cells in the binary form of their types.
        case binary
    }

    /// The format.
    package let kind: Kind
    /// The encoding of the data, by the server's name for it; nil for the session's own, which is UTF-8.
    /// Where values are encoded or records read here it can be no other: what is in another encoding is copied as bytes.
    public var encoding: String?

    private init(_ kind: Kind) { self.kind = kind }

    /// Lines with tabs between the columns and `\N` for NULL.
    public static var text: PostgresCopyFormat { PostgresCopyFormat(.text(CopyTextOptions())) }

    /// Lines as the options say.
    public static func text(_ options: CopyTextOptions) -> PostgresCopyFormat { PostgresCopyFormat(.text(options)) }

    /// Comma-separated values, without a header; NULL is an empty field that is not quoted.
    public static var csv: PostgresCopyFormat { PostgresCopyFormat(.csv(CopyCSVOptions())) }

    /// Comma-separated values as the options say.
    public static func csv(_ options: CopyCSVOptions) -> PostgresCopyFormat { PostgresCopyFormat(.csv(options)) }

    /// The binary format, in which values have the form that they have in binary results.
    public static var binary: PostgresCopyFormat { PostgresCopyFormat(.binary) }

    /// Whether the data begins with a line of names.
    package var hasHeader: Bool {
        switch kind {
        case .text(let options): options.header != .none
        case .csv(let options): options.header != .none
        case .binary: false
        }
    }

    /// Whether this is the binary format.
    public var isBinary: Bool { kind == .binary }
}

/// Whether the first line of a copy has the names of the columns.
public enum CopyHeader: Hashable, Sendable {
    /// There is no such line.
    case none
    /// There is one. It is written when copying out, and skipped when copying in.
    case present
    /// There is one when copying in, and its names have to be those of the columns, in their order. Servers from 15 on.
    case match
}

/// Which columns an option of the CSV format is about.
public enum CopyColumnSelection: Hashable, Sendable {
    /// None of them.
    case none
    /// All of them. For `forceNull` and `forceNotNull` servers from 17 on take this.
    case all
    /// The columns of these names.
    case columns([String])

    /// Returns which of the named columns are selected.
    func flags(of names: [String]) -> [Bool] {
        switch self {
        case .none: names.map { _ in false }
        case .all: names.map { _ in true }
        case .columns(let selected): names.map { selected.contains($0) }
        }
    }
}
