public import PostgresWire

/// `[UInt8]` is a `bytea`.
extension UInt8: PostgresDecodableElement, PostgresEncodableElement {
    /// Decodes a `bytea`, or the bytes of a text or JSON value without looking at them. Allocates and copies.
    @inlinable
    public static func decodeArray(cell: borrowing PostgresCell) throws(PostgresError) -> [UInt8] {
        guard cell.type == .bytea else { return [UInt8](copying: try cell.textBytes(for: [UInt8].self)) }
        return cell.format == .binary ? [UInt8](copying: cell.bytes) : try cell.byteaText()
    }

    /// Decodes one `bytea` of an array.
    public static func decodeArray(within elements: inout PostgresArrayElements) throws(PostgresError) -> [UInt8] {
        try elements.next()
    }

    /// True: bytes may also be meant as JSON or text.
    public static var infersPostgresType: Bool { true }

    /// `bytea`
    public static var postgresArrayType: PostgresType { .bytea }

    /// Appends the bytes as a `bytea`, as a text that is known to be one, or as the text of a `json`, `jsonb`, `jsonpath`
    /// or `xml` value;
    /// the hex form for other types.
    public static func encodeArray(
        _ array: [UInt8], into bytes: inout [UInt8], as type: PostgresType
    ) throws(PostgresError) -> PostgresCell.Format {
        switch type {
        case .bytea, .xml: break
        case .jsonb, .jsonpath: bytes.append(1)
        case _ where type.isPlainText: break
        case _ where !type.isBuiltIn:
            bytes += "\\x".utf8
            for byte in array {
                bytes.append((byte >> 4).hexadecimalDigit)
                bytes.append((byte & 15).hexadecimalDigit)
            }
            return .text
        default: throw .cannotEncode([UInt8].self, as: type)
        }
        bytes += array
        return .binary
    }

    /// Writes one `bytea` of an array.
    public static func encodeArray(
        _ array: [UInt8], within elements: inout PostgresArrayWriter
    ) throws(PostgresError) {
        try elements.append(array)
    }
}

extension PostgresCell {
    /// Reads the hex form, `\x` and two digits a byte, which servers write by default (manual: "bytea Hex Format"), or
    /// the escape form, in which a backslash is doubled or stands before three octal digits ("bytea Escape Format").
    @usableFromInline
    func byteaText() throws(PostgresError) -> [UInt8] {
        var reader = TextReader(bytes)
        var decoded: [UInt8] = []
        guard reader.skip(word: "\\x") else {
            while let byte = reader.byte() {
                guard byte == UInt8(ascii: "\\") else {
                    decoded.append(byte)
                    continue
                }
                guard let escaped = reader.escapedByte() else { throw malformed([UInt8].self) }
                decoded.append(escaped)
            }
            return decoded
        }
        decoded.reserveCapacity(reader.count / 2)
        while let first = reader.byte() {
            guard let high = first.hexadecimalValue, let low = reader.byte()?.hexadecimalValue else {
                throw malformed([UInt8].self)
            }
            decoded.append(high << 4 | low)
        }
        return decoded
    }
}

extension TextReader {
    /// Reads what stands behind a backslash: another one, or three octal digits.
    @_lifetime(self: copy self)
    mutating func escapedByte() -> UInt8? {
        if skip("\\") { return UInt8(ascii: "\\") }
        var value = 0
        for _ in 0..<3 {
            guard let digit = byte().map({ $0 &- UInt8(ascii: "0") }), digit < 8 else { return nil }
            value = value << 3 | Int(digit)
        }
        return UInt8(exactly: value)
    }
}
