public import PostgresWire

extension String: PostgresDecodable, PostgresEncodable {
    /// Decodes `text`, `character varying`, `character`, `name`, `unknown`, and the text of a `json`, `jsonb`, `jsonpath`
    /// or `xml` value; in the text format also the names that stand for object IDs, values of types that have no other
    /// format, and of types that users and extensions define. Of the latter also those whose binary form is text: the
    /// labels of an enum, `citext`, domains over text within arrays and records.
    ///
    /// Bytes that are not UTF-8 are `valueMalformed`, never repaired. Allocates where the text is longer than 15 bytes.
    @inlinable
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        let text = try cell.textBytes(for: String.self)
        guard let value = text.validatedString() else { throw cell.malformed(String.self) }
        self = value
    }

    /// Unspecified: the server infers the type, so that a String can stand for a date, an enum or a `jsonb`.
    public static var postgresType: PostgresType { .unspecified }

    /// Text.
    public static var postgresFormat: PostgresCell.Format { .text }

    /// Appends the UTF-8.
    public func encode(into bytes: inout [UInt8]) { bytes.append(contentsOf: utf8) }

    /// Appends the UTF-8: the server reads it as the text form of its type, whatever that is.
    public func encode(
        into bytes: inout [UInt8], as type: PostgresType
    ) throws(PostgresError) -> PostgresCell.Format {
        bytes.append(contentsOf: utf8)
        return type.isPlainText ? .binary : .text
    }
}

extension PostgresCell {
    /// The bytes of the text that the cell holds: a `jsonb` or `jsonpath` in binary has a version before it.
    @inlinable
    @_lifetime(copy self)
    func textBytes<Value>(for value: Value.Type) throws(PostgresError) -> RawSpan {
        switch type {
        case .text, .varchar, .json, .bpchar, .name, .unknown, .xml, .cstring, .refcursor, .pgNodeTree: return bytes
        case .jsonb, .jsonpath:
            guard columnType.format == .binary else { return bytes }
            guard bytes.byteCount > 1, bytes.byte(at: 0) == 1 else { throw malformed(Value.self) }
            return bytes.extracting(1..<bytes.byteCount)
        default:
            guard columnType.format == .text ? type.isReadAsText : isTextOfOwnType else {
                throw typeMismatch(Value.self)
            }
            return bytes
        }
    }

    /// Whether the cell is a text in binary of a type that is not built in.
    ///
    /// Nothing but the catalogue tells an enum from an `ltree` for certain, and it is not at hand when the first row of a
    /// statement arrives. The bytes do: those of what is no text begin with a count, a version or flags, and so with bytes
    /// that no label has.
    @usableFromInline var isTextOfOwnType: Bool { !type.isBuiltIn && type != .unspecified && bytes.isPrintableText }
}

extension PostgresType {
    /// Whether values in the text format are text to us: names for object IDs, and types that have no other format or
    /// none that is known here.
    @usableFromInline var isReadAsText: Bool {
        !isBuiltIn || !hasBinaryOutput || (isObjectID && self != .oid) || self == .anyarray
    }
}

extension RawSpan {
    /// Whether the bytes are UTF-8 without control characters other than tabulators and ends of lines.
    fileprivate var isPrintableText: Bool {
        for offset in 0..<byteCount {
            let byte = byte(at: offset)
            guard byte >= 0x20 && byte != 0x7F || byte == 9 || byte == 10 || byte == 13 else { return false }
        }
        return (try? UTF8Span(validating: Span<UInt8>(_bytes: self))) != nil
    }

    /// Returns the bytes as a String if they are UTF-8.
    @usableFromInline
    func validatedString() -> String? {
        guard let text = try? UTF8Span(validating: Span<UInt8>(_bytes: self)) else { return nil }
        return String(copying: text)
    }
}
