public import PostgresWire

/// The row that a `RowEncodable` writes its values to, one for each column from left to right.
///
/// In binary a value is written as the type that its column has, in text and CSV as the text that the server reads. A value
/// that does not fit its column is refused before anything of its row is sent; the error has the number of the row and the
/// name of the column.
public struct CopyRow: Sendable {
    let columns: [CopyColumn]
    /// The same, as far as values in binary need them.
    @usableFromInline let forms: [CopyColumnForm]
    private let lines: Lines?
    /// The rows that were encoded, and the one that is being written.
    @usableFromInline var bytes: [UInt8] = []
    /// The text of one value.
    private var field: [UInt8] = []
    /// How many values of the row have been written: `0 <= column <= columns.count`
    @usableFromInline var column = 0
    /// The columns that take values in binary: all, or none where the format is another or the row is refused.
    @usableFromInline var binaryColumnCount = 0
    /// Where the row begins that is being written.
    private var start = 0
    /// Why the row that is being written cannot be sent; the first reason.
    private var refusal: PostgresError?
    /// The number of rows that were encoded.
    package private(set) var rowCount = 0

    private enum Lines {
        case text(CopyTextWriter)
        case csv(CopyCSVWriter)
    }

    /// Nothing is encoded yet.
    ///
    /// - Throws: `queryInvalid` for a format whose options the server would refuse, or whose encoding cannot be written.
    package init(columns: [CopyColumn], format: PostgresCopyFormat) throws(PostgresError) {
        self.columns = columns
        forms = columns.map(CopyColumnForm.init)
        try format.checkLines()
        switch format.kind {
        case .binary: lines = nil
        case .text(let options): lines = .text(try CopyTextWriter(options))
        case .csv(let options): lines = .csv(try CopyCSVWriter(options, columns: columns.map(\.name)))
        }
        guard columns.count <= CopyBinaryWriter.columnsMax else {
            throw .copyRefused("there are \(columns.count) columns")
        }
    }

    /// Writes the value of the next column.
    ///
    /// - Throws: `parameterInvalid` for a value that the column's type does not have, or that cannot be encoded as it is;
    ///   `columnMismatch` where the copy has no more columns.
    @inlinable
    public mutating func write<Value: PostgresEncodable>(_ value: Value) throws(PostgresError) {
        guard column < binaryColumnCount else { return try writeCarefully(value) }
        let form = forms[column]
        bytes.append(bigEndian: Int32(0))
        let start = bytes.count
        let format: PostgresCell.Format
        do throws(PostgresError) {
            format = try value.encode(into: &bytes, as: form.type)
        } catch {
            throw refuse(error, from: start)
        }
        guard format == .binary, !form.isText, let length = Int32(exactly: bytes.count - start) else {
            return try endValue(value, format, from: start)
        }
        bytes.replace(bigEndian: length, at: start - 4)
        column += 1
    }

    /// Writes a value that is no plain one in binary, or that cannot be written at all.
    @usableFromInline
    mutating func writeCarefully<Value: PostgresEncodable>(_ value: Value) throws(PostgresError) {
        let start = try beginValue()
        let format: PostgresCell.Format
        do throws(PostgresError) {
            format = try value.encode(into: &bytes, as: columnType)
        } catch {
            throw refuse(error, from: start)
        }
        try endValue(value, format, from: start)
    }

    /// Writes the value of the next column, nil as NULL.
    ///
    /// - Throws: as for a value that is none.
    @inlinable
    public mutating func write<Value: PostgresEncodable>(_ value: Value?) throws(PostgresError) {
        guard let value else { return try writeNull() }
        try write(value)
    }

    /// Writes NULL into the next column.
    ///
    /// - Throws: `columnMismatch` where the copy has no more columns.
    public mutating func writeNull() throws(PostgresError) {
        try checkColumn()
        switch lines {
        case nil: bytes.append(bigEndian: Int32(-1))
        case .text(let writer):
            if column > 0 { writer.appendDelimiter(to: &bytes) }
            writer.appendNull(to: &bytes)
        case .csv(let writer):
            if column > 0 { writer.appendDelimiter(to: &bytes) }
            writer.appendNull(to: &bytes)
        }
        column += 1
    }
}

// MARK: rows

extension CopyRow {
    /// Appends what comes before the first row: the header of the binary format, or the line of names where the options ask
    /// for one.
    package mutating func appendHeader() throws(PostgresError) {
        switch lines {
        case nil: CopyBinaryWriter.appendHeader(to: &bytes)
        case .text(let writer): try writer.appendHeader(columns.map(\.name), to: &bytes)
        case .csv(let writer): try writer.appendHeader(columns.map(\.name), to: &bytes)
        }
    }

    /// Begins a row.
    package mutating func beginRow() {
        start = bytes.count
        column = 0
        refusal = nil
        guard lines == nil else { return }
        binaryColumnCount = columns.count
        bytes.append(bigEndian: Int16(columns.count))
    }

    /// Gives the row up that was begun, and says what its writer is told.
    package mutating func failed(_ error: PostgresError) -> PostgresError {
        bytes.removeSubrange(start...)
        return refusal ?? PostgresError(error, message: "row \(rowCount + 1): \(error.message)")
    }

    /// Begins the value of the next column, whose bytes are sent apart from what is encoded here.
    ///
    /// - Throws: `unsupported` for a format with lines; `parameterInvalid` for a column that is neither `bytea` nor text, and for a
    ///   value that is too long.
    package mutating func beginStreamedValue(byteCount: Int) throws(PostgresError) {
        let start = try beginValue()
        let hasVersion = columnType == .jsonb
        guard lines == nil else {
            let error = PostgresError(
                .unsupported, "a value in pieces is copied in the binary format only", hint: "Copy the rows as .binary."
            )
            throw refuse(error, from: start)
        }
        guard byteCount >= 0 else {
            throw refuse(PostgresError(.parameterInvalid, "a value cannot have fewer than no bytes"), from: start)
        }
        guard columnType == .bytea || forms[column].isText || columns[column].isTextInBinary || hasVersion else {
            let error = PostgresError(
                .parameterInvalid, "a value of \(columnType.inMessages) cannot be sent in pieces",
                hint: "That is for bytea and for text.")
            throw refuse(error, from: start)
        }
        do throws(PostgresError) {
            let length = try CopyBinaryWriter.length(
                of: min(max(byteCount, 0), .max - 1) + (hasVersion ? 1 : 0))
            bytes.replace(bigEndian: length, at: start - 4)
        } catch {
            throw refuse(error, from: start)
        }
        if hasVersion { bytes.append(1) }
        column += 1
    }

    /// Goes on with a row whose beginning was sent and removed.
    package mutating func continueRow() { start = bytes.count }

    /// Ends a row.
    ///
    /// - Throws: where it was refused or has too few values, and then nothing of it is kept.
    package mutating func endRow() throws(PostgresError) {
        if let failure = refusal ?? (column < columns.count ? tooFewValues : nil) {
            bytes.removeSubrange(start...)
            throw failure
        }
        if lines != nil { bytes.append(UInt8(ascii: "\n")) }
        rowCount += 1
    }

    /// Appends what comes after the last row.
    package mutating func appendTrailer() {
        if lines == nil { CopyBinaryWriter.appendTrailer(to: &bytes) }
    }

    /// The bytes that were encoded and not removed.
    package var encoded: [UInt8] { bytes }

    /// The number of bytes that were encoded and not removed.
    package var encodedByteCount: Int { bytes.count }

    /// Removes the bytes and keeps their memory for the rows that follow.
    package mutating func removeEncoded() { bytes.removeAll(keepingCapacity: true) }

    private var tooFewValues: PostgresError {
        PostgresError(
            .columnMismatch, "row \(rowCount + 1) has \(column) values, and the copy has \(columns.count) columns",
            hint: "Write NULL into columns without a value, or name the columns to copy.")
    }
}

// MARK: values

extension CopyRow {
    /// The type that the next value is encoded as.
    @usableFromInline var columnType: PostgresType { columns[column].type }

    /// Returns where the next value begins: in binary after the place of its length.
    @usableFromInline
    mutating func beginValue() throws(PostgresError) -> Int {
        try checkColumn()
        if lines == nil { bytes.append(bigEndian: Int32(0)) }
        return bytes.count
    }

    /// Takes a value that was encoded as the column's type, or brings it into the form that the copy needs.
    @usableFromInline
    mutating func endValue<Value: PostgresEncodable>(
        _ value: Value, _ format: PostgresCell.Format, from start: Int
    ) throws(PostgresError) {
        precondition(bytes.count >= start, "a value's encode(into:as:) may only append")
        do throws(PostgresError) {
            if let lines {
                try appendField(value, format, from: start, as: lines)
            } else {
                if format == .text { try makeBinary(Value.self, from: start) }
                let isText = forms[column].isText
                if isText { try bytes.checkText(from: start, of: Value.self) }
                bytes.replace(bigEndian: try CopyBinaryWriter.length(of: bytes.count - start), at: start - 4)
            }
        } catch {
            throw refuse(error, from: start)
        }
        column += 1
    }

    /// Makes the binary form of a value that was encoded as text, where that is possible without reading the value.
    private mutating func makeBinary<Value>(_ value: Value.Type, from start: Int) throws(PostgresError) {
        let column = columns[column]
        if column.isTextInBinary { return }
        switch column.type {
        case .jsonb, .jsonpath: bytes.insert(1, at: start)
        case .numeric where Value.self != String.self:
            // Of integers, which have no binary form of a numeric.
            guard let number = PostgresNumeric(String(decoding: bytes[start...], as: UTF8.self)) else { fallthrough }
            bytes.removeSubrange(start...)
            try number.encode(into: &bytes)
        default:
            throw PostgresError(
                .parameterInvalid, "cannot encode \(Value.self) as \(column.type.inMessages) in binary",
                hint: "Pass the Swift type for it, or copy in the format .text or .csv, where the server reads text.")
        }
    }

    /// Replaces what was encoded from an index on by a field of text or CSV.
    private mutating func appendField<Value: PostgresEncodable>(
        _ value: Value, _ format: PostgresCell.Format, from start: Int, as lines: Lines
    ) throws(PostgresError) {
        let type = columnType
        field.removeAll(keepingCapacity: true)
        if format == .text || type.isPlainText || type == .xml {
            field += bytes[start...]
        } else if type == .jsonb || type == .jsonpath {
            field += bytes[start...].dropFirst()
        } else {
            try value.encodeText(into: &field)
        }
        bytes.removeSubrange(start...)
        // A second reference to the same bytes, gone before the next value is written.
        let field = field
        switch lines {
        case .text(let writer):
            if column > 0 { writer.appendDelimiter(to: &bytes) }
            try writer.append(field: field.rawSpan, to: &bytes)
        case .csv(let writer):
            if column > 0 { writer.appendDelimiter(to: &bytes) }
            try writer.append(
                field: field.rawSpan, isQuoted: writer.isQuoted(column: column), isOnlyField: columns.count == 1,
                to: &bytes)
        }
    }

    private mutating func checkColumn() throws(PostgresError) {
        if let refusal { throw refusal }
        guard column < columns.count else {
            let error = PostgresError(
                .columnMismatch, "row \(rowCount + 1) has more values than the copy has columns, \(columns.count)")
            refusal = error
            binaryColumnCount = 0
            throw error
        }
    }

    /// Remembers and returns why the row cannot be sent; nothing more of it is written.
    @usableFromInline
    @inline(never)
    mutating func refuse(_ error: PostgresError, from start: Int) -> PostgresError {
        let name = columns[column].name.quotedInOneLine
        let located = PostgresError(error, message: "row \(rowCount + 1), column \(name): \(error.message)")
        refusal = located
        binaryColumnCount = 0
        return located
    }
}

extension CopyRow: CustomReflectable {
    /// Shows nothing, so that no `dump` prints values.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
