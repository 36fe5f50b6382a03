/// A column that typed rows are copied into.
package struct CopyColumn: Hashable, Sendable {
    /// The name, for errors.
    package let name: String
    /// The type that values are encoded as; of a domain the type that it is over. `unspecified` where it is not known,
    /// which is enough for text and CSV.
    package let type: PostgresType
    /// Whether the binary form of the type is its text, as that of enums, `citext` and everything whose receive function
    /// is one of text.
    package let isTextInBinary: Bool

    /// Describes a column. Of types that are built in it is known whether their binary form is text.
    package init(name: String, type: PostgresType, isTextInBinary: Bool = false) {
        self.name = name
        self.type = type
        self.isTextInBinary = isTextInBinary || type.isPlainText || type == .xml
    }
}

/// What has to be known of a column to write a value to it in binary.
@frozen
@usableFromInline
struct CopyColumnForm: BitwiseCopyable, Sendable {
    @usableFromInline let type: PostgresType
    /// Whether what was written has to be looked at, because it is text.
    @usableFromInline let isText: Bool

    init(_ column: CopyColumn) {
        type = column.type
        isText = column.isTextInBinary || column.type.isTextInBinary
    }
}
