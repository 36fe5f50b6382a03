import PostgresWire

/// Writes records in the CSV format of COPY, byte for byte as the server would: a value is quoted where it has to be, or
/// where the options ask for it.
public struct CopyCSVWriter: Sendable {
    private let delimiter: UInt8
    private let quote: UInt8
    private let escape: UInt8
    private let null: [UInt8]
    private let defaultMarker: [UInt8]?
    private let header: CopyHeader
    private let forceQuote: CopyColumnSelection
    /// Whether each column is always quoted; columns beyond are as `.all` says.
    private let isQuoted: [Bool]

    /// Creates a writer. The names of the columns are needed for `forceQuote` alone, where it names some.
    ///
    /// - Throws: `queryInvalid` for options that the server would refuse.
    public init(_ options: CopyCSVOptions = CopyCSVOptions(), columns: [String] = []) throws(PostgresError) {
        try options.validate()
        delimiter = options.delimiter.utf8.first ?? 0
        quote = options.quote.utf8.first ?? 0
        escape = options.escape?.utf8.first ?? quote
        null = Array(options.null.utf8)
        defaultMarker = options.defaultMarker.map { Array($0.utf8) }
        header = options.header
        forceQuote = options.forceQuote
        isQuoted = options.forceQuote.flags(of: columns)
    }

    /// Appends the line with the names of the columns, where the options ask for one.
    public func appendHeader(_ names: [String], to bytes: inout [UInt8]) throws(PostgresError) {
        guard header != .none else { return }
        try appendRecord(names, to: &bytes, isHeader: true) { Array($0.utf8) }
    }

    /// Appends a record and the end of its line; nil is NULL.
    ///
    /// - Throws: `parameterInvalid` for a value with a NUL; nothing is appended then.
    public func append(_ record: [String?], to bytes: inout [UInt8]) throws(PostgresError) {
        try appendRecord(record, to: &bytes, isHeader: false) { Array($0.utf8) }
    }

    /// Appends a record of values in the encoding of the data, and the end of its line; nil is NULL.
    ///
    /// - Throws: `parameterInvalid` for a value with a NUL; nothing is appended then.
    public func append(_ record: [[UInt8]?], to bytes: inout [UInt8]) throws(PostgresError) {
        try appendRecord(record, to: &bytes, isHeader: false) { $0 }
    }

    private func appendRecord<Value>(
        _ record: [Value?], to bytes: inout [UInt8], isHeader: Bool, _ fieldBytes: (Value) -> [UInt8]
    ) throws(PostgresError) {
        let start = bytes.count
        do throws(PostgresError) {
            for (index, value) in record.enumerated() {
                if index > 0 { appendDelimiter(to: &bytes) }
                guard let value else {
                    appendNull(to: &bytes)
                    continue
                }
                try append(
                    field: fieldBytes(value).rawSpan, isQuoted: !isHeader && isQuoted(column: index),
                    isOnlyField: record.count == 1, to: &bytes)
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

    /// Whether the values of a column are always quoted.
    func isQuoted(column: Int) -> Bool { column < isQuoted.count ? isQuoted[column] : forceQuote == .all }

    /// Appends a value, quoted where it has to be or `isQuoted` says so (`CopyAttributeOutCSV` in the server).
    func append(
        field: RawSpan, isQuoted: Bool, isOnlyField: Bool, to bytes: inout [UInt8]
    ) throws(PostgresError) {
        guard field.firstIndex(of: 0) == nil else { throw .fieldWithNUL }
        guard isQuoted || needsQuotes(field, isOnlyField) else {
            bytes.append(copying: field)
            return
        }
        bytes.append(quote)
        var copied = 0
        for offset in 0..<field.byteCount {
            let byte = field.byte(at: offset)
            guard byte == quote || byte == escape else { continue }
            bytes.append(copying: field.extracting(copied..<offset))
            bytes.append(escape)
            copied = offset
        }
        bytes.append(copying: field.extracting(copied..<field.byteCount))
        bytes.append(quote)
    }

    private func needsQuotes(_ field: RawSpan, _ isOnlyField: Bool) -> Bool {
        if field.isEqual(to: null) || defaultMarker.map({ field.isEqual(to: $0) }) ?? false { return true }
        // A line of only this would be the end of the data for servers before 18.
        if isOnlyField, field.isEqual(to: Self.endMarker) { return true }
        for offset in 0..<field.byteCount {
            let byte = field.byte(at: offset)
            if byte == delimiter || byte == quote || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                return true
            }
        }
        return false
    }

    /// What ended a copy in protocols before 3.0.
    static let endMarker: [UInt8] = Array("\\.".utf8)
}

extension RawSpan {
    /// Whether the span has just these bytes.
    func isEqual(to bytes: [UInt8]) -> Bool {
        guard byteCount == bytes.count else { return false }
        return bytes.indices.allSatisfy { byte(at: $0) == bytes[$0] }
    }
}
