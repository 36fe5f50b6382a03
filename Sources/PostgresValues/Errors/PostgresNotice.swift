import PostgresWire

/// An error or a notice in the server's own words (manual: "Error and Notice Message Fields").
///
/// Any field may be missing. A field longer than 64 KiB is cut there, and of all fields together
/// 512 KiB are kept.
public struct PostgresNotice: Sendable, Hashable {
    private let fields: NoticeFields
    /// Whether the server had proven itself when it sent this. Before that anyone on the way may have written it.
    public let isFromVerifiedServer: Bool

    /// Takes the fields of a message of the server's.
    package init(_ fields: NoticeFields, isFromVerifiedServer: Bool) {
        self.fields = fields
        self.isFromVerifiedServer = isFromVerifiedServer
    }

    /// About how much memory it takes.
    package var byteCount: Int { MemoryLayout<Self>.stride + fields.byteCount }

    /// Returns the field with the given code, the manual's letter for it.
    public subscript(code: Character) -> String? {
        code.asciiValue.flatMap { fields[$0] }.map(shown)
    }

    /// `ERROR`, `FATAL`, `PANIC`, `WARNING`, `NOTICE`, `DEBUG`, `INFO` or `LOG`, never translated.
    public var severity: String? { fields.severity.map(shown) }
    /// The SQLSTATE.
    public var sqlState: SQLState? { fields.sqlState.map { SQLState(rawValue: shown($0)) } }
    /// The primary message, one line.
    public var message: String? { fields.message.map(shown) }
    /// More about the problem.
    public var detail: String? { fields.detail.map(shown) }
    /// What to do about it.
    public var hint: String? { fields.hint.map(shown) }
    /// Where in the query's text the problem lies, in characters from 1.
    public var position: Int? { fields.position }
    /// Like `position`, in `internalQuery`.
    public var internalPosition: Int? { fields.internalPosition }
    /// The text of a command that the server made up by itself.
    public var internalQuery: String? { fields.internalQuery.map(shown) }
    /// The call stack of functions and internal queries.
    public var context: String? { fields.context.map(shown) }
    /// The schema of the object the error is about.
    public var schema: String? { fields.schema.map(shown) }
    /// The table the error is about.
    public var table: String? { fields.table.map(shown) }
    /// The column the error is about.
    public var column: String? { fields.column.map(shown) }
    /// The data type the error is about.
    public var dataType: String? { fields.dataType.map(shown) }
    /// The constraint the error is about.
    public var constraint: String? { fields.constraint.map(shown) }
    /// The server's source file.
    public var file: String? { fields.file.map(shown) }
    /// The line in the server's source file.
    public var line: Int? { fields.line }
    /// The routine in the server's source.
    public var routine: String? { fields.routine.map(shown) }

    /// Text of a peer that has not proven itself must not steer a terminal or fill a log.
    private func shown(_ text: String) -> String {
        guard !isFromVerifiedServer else { return text }
        let clean = text.unicodeScalars.prefix(Self.unverifiedScalarsMax).map { scalar in
            // Control characters, and those that turn the direction of text or are not seen at all.
            [.control, .format].contains(scalar.properties.generalCategory) ? "?" : Character(scalar)
        }
        return String(clean)
    }

    private static let unverifiedScalarsMax = 1024
}

extension PostgresNotice: CustomReflectable {
    /// Shows the description only, so that `dump` prints no DETAIL.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}

extension PostgresNotice: CustomStringConvertible {
    /// Severity, message and SQLSTATE in one line.
    public var description: String {
        let text = "\(severity ?? "ERROR"): \(message ?? "no message")"
        return sqlState.map { "\(text) (SQLSTATE \($0))" } ?? text
    }
}
