import PostgresWire

// A run of bytes without a backslash is copied as a whole, with the delimiters in it, and fields are ranges of the copy. So a
// record without escapes is copied once. NULL is told from text by the bytes as they came: `\N` and `\\N` differ.

/// Reads the text format of COPY by the server's rules, from bytes that may be cut anywhere
/// (manual: COPY, "Text Format").
///
/// ```swift
/// var reader = try CopyTextReader()
/// let data = Array("1\tAda\n2\t\\N\n".utf8)
/// var offset = 0
/// while try reader.next(in: data, at: &offset) == .record {
///     print(try reader.record.string(at: 1) ?? "NULL")
/// }
/// ```
///
/// A line with only `\.` ends the data.
public struct CopyTextReader: Sendable {
    private enum Phase {
        case lineStart
        case field
        case escape(isFirst: Bool)
        case octal(value: UInt8, digits: Int)
        case hexStart
        case hex(value: UInt8)
        case carriageReturn
        /// After `\.`, and the carriage return that may follow.
        case marker(isReturned: Bool)
    }

    private var lines: CopyLines
    private var phase = Phase.lineStart
    private let delimiter: UInt8
    private let search: ByteSearch
    private let null: [UInt8]
    /// Whether the null string has a backslash, so that only a field with escapes can be NULL.
    private let isNullEscaped: Bool
    /// How many bytes of the null string the field had so far; −1 where it differs. Of fields with escapes only.
    private var nullMatch = -1
    /// Whether the field has an escape.
    private var isEscaped = false

    /// Creates a reader. The names of the columns are needed to compare the header with.
    ///
    /// - Throws: `queryInvalid` for options that the server would refuse.
    public init(
        _ options: CopyTextOptions = CopyTextOptions(), columns: [String]? = nil,
        limits: CopyReaderLimits = CopyReaderLimits()
    ) throws(PostgresError) {
        try options.validate()
        lines = try CopyLines(header: options.header, columns: columns, limits: limits, literal: "a literal")
        delimiter = options.delimiter.utf8.first ?? 0
        search = ByteSearch(delimiter, UInt8(ascii: "\\"), UInt8(ascii: "\n"), UInt8(ascii: "\r"))
        null = Array(options.null.utf8)
        isNullEscaped = null.contains(UInt8(ascii: "\\"))
    }

    /// The record that `next` or `finish` has come to last.
    public var record: CopyRecord {
        @_lifetime(borrow self) get { CopyRecord(lines.buffer, format: .text, number: lines.recordLine) }
    }

    /// Reads on from `offset`, which moves past what was read.
    ///
    /// - Throws: `valueMalformed` for data that the server would refuse, with line and field; `resultTooLarge` for a
    ///   record beyond the limits. The reader throws the same from then on.
    public mutating func next(in bytes: RawSpan, at offset: inout Int) throws(PostgresError) -> CopyProgress {
        try lines.begin()
        while offset < bytes.byteCount, !lines.isOver {
            if try step(bytes, &offset) { return .record }
        }
        guard lines.isOver else { return .more }
        offset = bytes.byteCount
        return .end
    }

    /// Reads on from `offset`, which moves past what was read.
    ///
    /// - Throws: as the form above.
    public mutating func next(in bytes: [UInt8], at offset: inout Int) throws(PostgresError) -> CopyProgress {
        try next(in: bytes.rawSpan, at: &offset)
    }

    /// Says that there is no more data, which completes a last line that does not end.
    ///
    /// - Throws: as `next`.
    public mutating func finish() throws(PostgresError) -> CopyProgress {
        try lines.begin()
        if lines.isOver { return .end }
        lines.isOver = true
        switch phase {
        case .lineStart: return .end
        case .carriageReturn: return try endCarriageReturn(isNewline: false) ? .record : .end
        case .marker: throw lines.violation("the end-of-copy marker is not alone on its line", isField: false)
        // The server drops it too.
        case .escape, .field: break
        case .octal(let value, _), .hex(let value): try copyEscaped(value)
        case .hexStart: try copyEscaped(UInt8(ascii: "x"))
        }
        return try endLine() ? .record : .end
    }

    /// Reads a run, or one byte within an escape or the end of a line.
    ///
    /// - Returns: whether a record is complete.
    private mutating func step(_ bytes: RawSpan, _ offset: inout Int) throws(PostgresError) -> Bool {
        let byte = bytes.byte(at: offset)
        switch phase {
        case .lineStart, .field: return try run(bytes, &offset)
        case .escape, .octal, .hexStart, .hex: if try takeEscaped(byte) { offset += 1 }
        case .carriageReturn:
            let isNewline = byte == UInt8(ascii: "\n")
            if isNewline { offset += 1 }
            return try endCarriageReturn(isNewline: isNewline)
        case .marker(let isReturned):
            offset += 1
            try endMarker(byte, isReturned)
        }
        return false
    }

    /// Reads up to an escape, the end of the line or the end of the bytes, and copies it at once.
    private mutating func run(_ bytes: RawSpan, _ offset: inout Int) throws(PostgresError) -> Bool {
        var start = offset
        var found = search.firstIndex(in: bytes, from: offset)
        while found < bytes.byteCount, bytes.byte(at: found) == delimiter {
            try endField(bytes, &start, found)
            found = search.firstIndex(in: bytes, from: found + 1)
        }
        try copy(bytes.extracting(start..<found))
        offset = found
        guard found < bytes.byteCount else {
            phase = .field
            return false
        }
        offset += 1
        switch bytes.byte(at: found) {
        case UInt8(ascii: "\\"):
            phase = .escape(isFirst: lines.isAtLineStart)
            return false
        case UInt8(ascii: "\n"):
            try lines.takeNewline()
            return try endLine()
        default:
            guard try lines.takeCarriageReturn() else { return try endLine() }
            phase = .carriageReturn
            return false
        }
    }

    // MARK: fields and lines

    /// Copies a run of bytes that stand for themselves.
    private mutating func copy(_ bytes: RawSpan) throws(PostgresError) {
        if isEscaped, isNullEscaped {
            for offset in 0..<bytes.byteCount where nullMatch >= 0 { match(bytes.byte(at: offset)) }
        }
        try lines.copy(bytes)
    }

    /// Ends a field at the delimiter at `end`; `start` is where the bytes begin that are not copied yet.
    private mutating func endField(_ bytes: RawSpan, _ start: inout Int, _ end: Int) throws(PostgresError) {
        let length = lines.buffer.bytes.count + end - start - lines.fieldStart
        if isEscaped || !isNullEscaped && length == null.count {
            try copy(bytes.extracting(start..<end))
            start = end
        }
        let bufferEnd = lines.buffer.bytes.count + end - start
        try lines.endField(at: bufferEnd, isNull: isNull(length))
        isEscaped = false
    }

    /// Ends the last field of a line, all of which was copied, and the line.
    private mutating func endLine() throws(PostgresError) -> Bool {
        let end = lines.buffer.bytes.count
        try lines.endField(at: end, isNull: isNull(end - lines.fieldStart))
        isEscaped = false
        phase = .lineStart
        return try lines.endLine()
    }

    /// Whether the field, all of which was copied where this matters, is the null string as it came.
    private func isNull(_ length: Int) -> Bool {
        if isEscaped { return isNullEscaped && nullMatch == null.count }
        guard !isNullEscaped, length == null.count else { return false }
        return lines.buffer.bytes[lines.fieldStart..<lines.fieldStart + length].elementsEqual(null)
    }

    private mutating func endCarriageReturn(isNewline: Bool) throws(PostgresError) -> Bool {
        try lines.takeAfterCarriageReturn(isNewline: isNewline)
        return try endLine()
    }

    // MARK: escapes

    /// Goes on with an escape.
    ///
    /// - Returns: whether the byte belongs to it; if not, the escape is complete.
    private mutating func takeEscaped(_ byte: UInt8) throws(PostgresError) -> Bool {
        switch phase {
        case .escape(let isFirst):
            if isNullEscaped, !isEscaped { beginMatching() }
            isEscaped = true
            match(UInt8(ascii: "\\"))
            try escape(byte, isFirst)
        case .octal(let value, let digits):
            guard digits < 3, let digit = byte.octalValue else {
                try copyEscaped(value)
                return false
            }
            phase = .octal(value: value &<< 3 | digit, digits: digits + 1)
        case .hexStart:
            guard let digit = byte.hexadecimalValue else {
                try copyEscaped(UInt8(ascii: "x"))
                return false
            }
            phase = .hex(value: digit)
        case .hex(let value):
            guard let digit = byte.hexadecimalValue else {
                try copyEscaped(value)
                return false
            }
            try copyEscaped(value &<< 4 | digit)
        default: return false
        }
        match(byte)
        return true
    }

    private mutating func escape(_ byte: UInt8, _ isFirst: Bool) throws(PostgresError) {
        if byte == UInt8(ascii: ".") {
            guard isFirst else {
                throw lines.violation("the end-of-copy marker is not alone on its line", isField: false)
            }
            phase = .marker(isReturned: false)
            return
        }
        if let digit = byte.octalValue {
            phase = .octal(value: digit, digits: 1)
            return
        }
        switch byte {
        case UInt8(ascii: "x"): phase = .hexStart
        case UInt8(ascii: "b"): try copyEscaped(0x08)
        case UInt8(ascii: "f"): try copyEscaped(0x0C)
        case UInt8(ascii: "n"): try copyEscaped(0x0A)
        case UInt8(ascii: "r"): try copyEscaped(0x0D)
        case UInt8(ascii: "t"): try copyEscaped(0x09)
        case UInt8(ascii: "v"): try copyEscaped(0x0B)
        default:
            if byte == UInt8(ascii: "\n") { lines.line += 1 }
            try copyEscaped(byte)
        }
    }

    private mutating func copyEscaped(_ byte: UInt8) throws(PostgresError) {
        phase = .field
        try lines.copy(byte)
    }

    /// Begins to compare a field with the null string: what it has had so far stood for itself.
    private mutating func beginMatching() {
        let field = lines.buffer.bytes[lines.fieldStart...]
        nullMatch = field.count <= null.count && field.elementsEqual(null.prefix(field.count)) ? field.count : -1
    }

    private mutating func match(_ byte: UInt8) {
        guard isNullEscaped, nullMatch >= 0 else { return }
        nullMatch = nullMatch < null.count && null[nullMatch] == byte ? nullMatch + 1 : -1
    }

    // MARK: the end of the data

    private mutating func endMarker(_ byte: UInt8, _ isReturned: Bool) throws(PostgresError) {
        let isNewline = byte == UInt8(ascii: "\n")
        guard isNewline || byte == UInt8(ascii: "\r") else {
            throw isReturned
                ? lines.markerMismatch()
                : lines.violation("the end-of-copy marker is not alone on its line", isField: false)
        }
        switch lines.ending {
        case .unknown: break
        case .newline: guard isNewline else { throw lines.markerMismatch() }
        case .carriageReturn: guard !isNewline else { throw lines.markerMismatch() }
        case .both:
            guard isReturned == isNewline else { throw lines.markerMismatch() }
            guard isReturned else {
                phase = .marker(isReturned: true)
                return
            }
        }
        lines.isOver = true
    }
}

extension UInt8 {
    /// The value of an octal digit.
    fileprivate var octalValue: UInt8? {
        let value = self &- UInt8(ascii: "0")
        return value < 8 ? value : nil
    }
}

extension CopyTextReader: CopyReader {}
