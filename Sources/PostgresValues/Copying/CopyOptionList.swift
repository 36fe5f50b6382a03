/// The options of a COPY as SQL: in parentheses, each that differs from what the server does without it.
struct CopyOptionList {
    private var items: [String] = []

    var sql: String { "(\(items.joined(separator: ", ")))" }

    init(_ format: PostgresCopyFormat, copyingIn: Bool, options: PostgresCopyOptions?) {
        switch format.kind {
        case .text(let text): append(text)
        case .csv(let csv): append(csv)
        case .binary: items.append("FORMAT binary")
        }
        if let encoding = format.encoding { items.append("ENCODING \(Self.literal(encoding))") }
        if let options { append(options) }
    }

    private mutating func append(_ text: CopyTextOptions) {
        items.append("FORMAT text")
        appendLines(text.delimiter, text.null, text.defaultMarker, text.header, usually: ("\t", "\\N"))
    }

    private mutating func append(_ csv: CopyCSVOptions) {
        items.append("FORMAT csv")
        appendLines(csv.delimiter, csv.null, csv.defaultMarker, csv.header, usually: (",", ""))
        if csv.quote != "\"" { items.append("QUOTE \(Self.literal(String(csv.quote)))") }
        if let escape = csv.escape, escape != csv.quote { items.append("ESCAPE \(Self.literal(String(escape)))") }
        append("FORCE_QUOTE", csv.forceQuote)
        append("FORCE_NULL", csv.forceNull)
        append("FORCE_NOT_NULL", csv.forceNotNull)
    }

    private mutating func appendLines(
        _ delimiter: Character, _ null: String, _ marker: String?, _ header: CopyHeader,
        usually usual: (delimiter: Character, null: String)
    ) {
        if delimiter != usual.delimiter { items.append("DELIMITER \(Self.literal(String(delimiter)))") }
        if null != usual.null { items.append("NULL \(Self.literal(null))") }
        if let marker { items.append("DEFAULT \(Self.literal(marker))") }
        switch header {
        case .none: break
        case .present: items.append("HEADER true")
        case .match: items.append("HEADER match")
        }
    }

    private mutating func append(_ name: String, _ selection: CopyColumnSelection) {
        switch selection {
        case .none: break
        case .all: items.append("\(name) *")
        case .columns(let columns): items.append("\(name) (\(Self.names(columns)))")
        }
    }

    private mutating func append(_ options: PostgresCopyOptions) {
        if options.freeze { items.append("FREEZE true") }
        if options.onError == .ignore { items.append("ON_ERROR ignore") }
        if let limit = options.rejectLimit { items.append("REJECT_LIMIT \(limit)") }
        switch options.logVerbosity {
        case .standard: break
        case .verbose: items.append("LOG_VERBOSITY verbose")
        case .silent: items.append("LOG_VERBOSITY silent")
        }
    }

    /// The names quoted, with commas between them.
    static func names(_ names: [String]) -> String {
        names.map { PostgresIdentifier($0).sql }.joined(separator: ", ")
    }

    /// Checks that a name can be sent.
    static func check(name: String, _ owner: String) throws(PostgresError) {
        guard !name.isEmpty, !name.utf8.contains(0) else {
            throw .copyRefused("the name of \(owner) is empty or has a NUL in it")
        }
    }

    /// The text as a string constant, alike for both settings of `standard_conforming_strings`.
    static func literal(_ text: String) -> String {
        var isPlain = true
        var quoted = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "'": quoted += "''"
            case "\\":
                isPlain = false
                quoted += "\\\\"
            case "\t":
                isPlain = false
                quoted += "\\t"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return isPlain ? "'\(quoted)'" : "E'\(quoted)'"
    }
}
