public import PostgresWire

extension String: PostgresDecodable, PostgresEncodable {
    /// Decodes `text`, `character varying`, `character`, `name`, `unknown`, and the text of a `json`, `jsonb`, `jsonpath`
    /// or `xml` value; in the text format also the names that stand for object IDs, values of types that have no other
    /// format, and of types that users define.
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
            guard columnType.format == .text, type.isReadAsText else { throw typeMismatch(Value.self) }
            return bytes
        }
    }
}

extension PostgresType {
    /// Whether values in the text format are text to us: names for object IDs, and types that have no other format or
    /// none that is known here.
    @usableFromInline var isReadAsText: Bool {
        !isBuiltIn || !hasBinaryOutput || (isObjectID && self != .oid)
    }
}

extension RawSpan {
    /// Returns the bytes as a String if they are UTF-8.
    @usableFromInline
    func validatedString() -> String? {
        guard let text = try? UTF8Span(validating: Span<UInt8>(_bytes: self)) else { return nil }
        return String(copying: text)
    }
}
