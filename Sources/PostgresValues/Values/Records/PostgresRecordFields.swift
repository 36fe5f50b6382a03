import PostgresWire

/// Reads the fields of a record, a row as a value, from left to right. It borrows the cell and cannot be kept.
public struct PostgresRecordFields: ~Escapable {
    /// A type, a length and the bytes for each field, as in the binary form; text is brought into this form too.
    private var reader: BinaryReader
    private let format: PostgresCell.Format
    /// The number of fields that have not been read.
    public private(set) var count: Int

    @_lifetime(copy bytes)
    private init?(_ bytes: RawSpan, _ format: PostgresCell.Format) {
        reader = BinaryReader(bytes)
        guard let announced = reader.integer(Int32.self), announced >= 0, reader.count / Self.fieldBytesMin >= announced
        else { return nil }
        count = Int(announced)
        self.format = format
    }

    /// A type and a length.
    private static let fieldBytesMin = 8

    /// Reads the next field.
    ///
    /// - Throws: `columnMismatch` behind the last field, `valueMalformed` where the record does not hold together, and
    ///   what the type's decoder throws.
    @_lifetime(self: copy self)
    public mutating func next<Value: PostgresDecodable>(_ type: Value.Type = Value.self) throws(PostgresError) -> Value
    {
        guard count > 0 else {
            throw PostgresError(.columnMismatch, "cannot decode a field behind the record's last one")
        }
        count -= 1
        guard let oid = reader.integer(UInt32.self), let length = reader.integer(Int32.self) else {
            throw .brokenRecord
        }
        guard length != -1 else { return try Value.decodeNull() }
        guard let bytes = reader.span(Int(length)) else { throw .brokenRecord }
        var type = PostgresType(rawValue: oid)
        if type == .unspecified { type = Value.naturalType }
        return try Value(cell: PostgresCell(bytes, type: type, format: format))
    }

    /// Checks that every field was read and nothing is left behind the last one.
    private func finish() throws(PostgresError) {
        guard count == 0 else {
            throw PostgresError(.columnMismatch, "the record has more fields than are decoded")
        }
        guard reader.isAtEnd else { throw .brokenRecord }
    }

    /// Reads the record of a cell with `body`, which has to read every field.
    static func read<Value>(
        _ cell: borrowing PostgresCell, for value: Value.Type,
        _ body: (inout PostgresRecordFields) throws(PostgresError) -> Value
    ) throws(PostgresError) -> Value {
        guard cell.type.mayBeRecord else { throw cell.typeMismatch(Value.self) }
        guard cell.format == .binary else {
            var text = TextReader(cell.bytes)
            guard let bytes = text.record(), text.isAtEnd else { throw cell.malformed(Value.self) }
            return try read(bytes.rawSpan, .text, cell, body)
        }
        return try read(cell.bytes, .binary, cell, body)
    }

    private static func read<Value>(
        _ bytes: RawSpan, _ format: PostgresCell.Format, _ cell: borrowing PostgresCell,
        _ body: (inout PostgresRecordFields) throws(PostgresError) -> Value
    ) throws(PostgresError) -> Value {
        guard var fields = PostgresRecordFields(bytes, format) else { throw cell.malformed(Value.self) }
        let value = try body(&fields)
        try fields.finish()
        return value
    }
}

extension PostgresError {
    fileprivate static var brokenRecord: PostgresError {
        PostgresError(.valueMalformed, "cannot decode a record whose fields do not fit its length")
    }
}

extension PostgresType {
    /// `record`, or a type that is not listed here and so may be a composite one.
    fileprivate var mayBeRecord: Bool {
        self == .record || (BuiltInType.byType[self] == nil && BuiltInType.byArray[self] == nil)
    }
}

extension TextReader {
    /// Reads a record's text form into the binary one, with no types (manual: "Composite Type Input and Output Syntax").
    @_lifetime(self: copy self)
    fileprivate mutating func record() -> [UInt8]? {
        guard skip("(") else { return nil }
        var bytes: [UInt8] = []
        bytes.append(bigEndian: Int32(0))
        if skip(")") { return bytes }
        var count: Int32 = 0
        repeat {
            guard let field = recordField() else { return nil }
            count += 1
            bytes.append(bigEndian: UInt32(0))
            bytes.append(bigEndian: Int32(truncatingIfNeeded: field.text?.count ?? -1))
            bytes += field.text ?? []
        } while skip(",")
        bytes.replace(bigEndian: count, at: 0)
        return skip(")") ? bytes : nil
    }

    /// Reads a field up to what ends it; nothing at all is NULL. Parts of it may be quoted.
    @_lifetime(self: copy self)
    private mutating func recordField() -> (text: [UInt8]?, Void)? {
        var text: [UInt8] = []
        var isNull = true
        while let next, next != UInt8(ascii: ","), next != UInt8(ascii: ")") {
            isNull = false
            if next == UInt8(ascii: "\"") {
                guard let part = quoted() else { return nil }
                text += part
            } else {
                guard let part = unquoted(upTo: { ",)\"".utf8.contains($0) }) else { return nil }
                text += part
            }
        }
        return (isNull ? nil : text, ())
    }
}
