import PostgresWire

/// Writes records in the text format of COPY, byte for byte as the server would.
///
/// In one place it differs: where a value would be read as NULL, because the null string is not `\N` but the same as the
/// value, the server writes it all the same, and this escapes it.
public struct CopyTextWriter: Sendable {
    private let delimiter: UInt8
    private let null: [UInt8]
    private let defaultMarker: [UInt8]?
    private let header: CopyHeader

    /// Creates a writer.
    ///
    /// - Throws: `queryInvalid` for options that the server would refuse.
    public init(_ options: CopyTextOptions = CopyTextOptions()) throws(PostgresError) {
        try options.validate()
        delimiter = options.delimiter.utf8.first ?? 0
        null = Array(options.null.utf8)
        defaultMarker = options.defaultMarker.map { Array($0.utf8) }
        header = options.header
    }

    /// Appends the line with the names of the columns, where the options ask for one.
    public func appendHeader(_ names: [String], to bytes: inout [UInt8]) throws(PostgresError) {
        if header != .none { try append(names, to: &bytes) }
    }

    /// Appends a record and the end of its line; nil is NULL.
    ///
    /// - Throws: `parameterInvalid` for a value that the format has no form for: one with a NUL, or an empty one where the
    ///   null string is empty too. Nothing is appended then.
    public func append(_ record: [String?], to bytes: inout [UInt8]) throws(PostgresError) {
        try appendRecord(record, to: &bytes) { Array($0.utf8) }
    }

    /// Appends a record of values in the encoding of the data, and the end of its line; nil is NULL.
    ///
    /// - Throws: `parameterInvalid` for a value that the format has no form for; nothing is appended then.
    public func append(_ record: [[UInt8]?], to bytes: inout [UInt8]) throws(PostgresError) {
        try appendRecord(record, to: &bytes) { $0 }
    }

    private func appendRecord<Value>(
        _ record: [Value?], to bytes: inout [UInt8], _ fieldBytes: (Value) -> [UInt8]
    ) throws(PostgresError) {
        let start = bytes.count
        do throws(PostgresError) {
            for (index, value) in record.enumerated() {
                if index > 0 { appendDelimiter(to: &bytes) }
                if let value {
                    try append(field: fieldBytes(value).rawSpan, to: &bytes)
                } else {
                    appendNull(to: &bytes)
                }
            }
        } catch {
            bytes.removeSubrange(start...)
            throw error
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    // MARK: fields

    func appendDelimiter(to bytes: inout [UInt8]) { bytes.append(delimiter) }

    func appendNull(to bytes: inout [UInt8]) { bytes += null }

    /// Appends a value with its escapes (`CopyAttributeOutText` in the server).
    func append(field: RawSpan, to bytes: inout [UInt8]) throws(PostgresError) {
        let start = bytes.count
        var copied = 0
        for offset in 0..<field.byteCount {
            let byte = field.byte(at: offset)
            guard byte < 0x20 || byte == UInt8(ascii: "\\") || byte == delimiter else { continue }
            guard byte != 0 else { throw .fieldWithNUL }
            let letter = Self.letter(for: byte)
            guard letter != nil || byte == UInt8(ascii: "\\") || byte == delimiter else { continue }
            bytes.append(copying: field.extracting(copied..<offset))
            bytes.append(UInt8(ascii: "\\"))
            bytes.append(letter ?? byte)
            copied = offset + 1
        }
        bytes.append(copying: field.extracting(copied..<field.byteCount))
        if isMarker(bytes[start...]) { try escapeFirst(of: field, from: start, in: &bytes) }
    }

    /// The letter after the backslash for a control character that has one.
    private static func letter(for byte: UInt8) -> UInt8? {
        switch byte {
        case 0x08: UInt8(ascii: "b")
        case 0x09: UInt8(ascii: "t")
        case 0x0A: UInt8(ascii: "n")
        case 0x0B: UInt8(ascii: "v")
        case 0x0C: UInt8(ascii: "f")
        case 0x0D: UInt8(ascii: "r")
        default: nil
        }
    }

    private func isMarker(_ field: ArraySlice<UInt8>) -> Bool {
        field.elementsEqual(null) || defaultMarker.map { field.elementsEqual($0) } ?? false
    }

    /// Writes the first byte of a field as three octal digits, so that it is not taken for NULL or a default.
    private func escapeFirst(of field: RawSpan, from start: Int, in bytes: inout [UInt8]) throws(PostgresError) {
        if field.byteCount > 0 {
            let byte = field.byte(at: 0)
            let isEscaped = bytes[start] == UInt8(ascii: "\\")
            let digits = [6, 3, 0].map { UInt8(ascii: "0") + (byte >> $0) & 7 }
            bytes.replaceSubrange(start..<start + (isEscaped ? 2 : 1), with: [UInt8(ascii: "\\")] + digits)
        }
        guard !isMarker(bytes[start...]) else {
            throw PostgresError(
                .parameterInvalid, "cannot encode a value that is the null string or the default marker",
                hint: "Choose a null string that no value has, such as \\N.")
        }
    }
}

extension PostgresError {
    /// The error for a value that no text format has a form for.
    static var fieldWithNUL: PostgresError {
        PostgresError(
            .parameterInvalid, "cannot encode a value as text: there is a NUL in it",
            hint: "Text in Postgres holds every character but U+0000; bytea holds any bytes.")
    }
}

extension [UInt8] {
    /// Appends the span's bytes.
    mutating func append(copying span: RawSpan) {
        unsafe span.withUnsafeBytes { bytes in unsafe append(contentsOf: bytes) }
    }
}
