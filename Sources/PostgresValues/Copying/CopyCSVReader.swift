import PostgresWire

/// Reads the CSV format of COPY by the server's rules, from bytes that may be cut anywhere
/// (manual: COPY, "CSV Format").
///
/// ```swift
/// var reader = try CopyCSVReader(CopyCSVOptions(header: .present))
/// let data = Array("id,name\n1,Ada\n2,\n".utf8)
/// var offset = 0
/// while try reader.next(in: data, at: &offset) == .record {
///     print(try reader.record.string(at: 1) ?? "NULL")
/// }
/// ```
public struct CopyCSVReader: Sendable {
    private enum Phase {
        case lineStart
        /// Outside of quotes.
        case plain
        /// Within quotes.
        case quoted
        /// Within quotes, after what may be an escape: a quote that is doubled or ends the quotes, or an escape.
        case escape
        case carriageReturn
        /// After a backslash at the start of a line, or after `\.` there.
        case backslash
        case marker(isReturned: Bool)
    }

    private var lines: CopyLines
    private var phase = Phase.lineStart
    private let delimiter: UInt8
    private let quote: UInt8
    private let escape: UInt8
    private let plainSearch: ByteSearch
    private let quotedSearch: ByteSearch
    private let null: [UInt8]
    private let endsAtMarker: Bool
    private let forceNull: CopyColumnSelection
    private let forceNotNull: CopyColumnSelection
    /// What the selections say of each column whose name is known.
    private let forcedNull: [Bool]
    private let forcedNotNull: [Bool]
    /// Whether the field has a quote.
    private var isQuoted = false

    /// Creates a reader. The names of the columns are needed to compare the header with, and for `forceNull` and
    /// `forceNotNull` where they name some.
    ///
    /// `endsAtMarker` says whether a line with only `\.` ends the data, as it does for servers before 18.
    ///
    /// - Throws: `queryInvalid` for options that the server would refuse.
    public init(
        _ options: CopyCSVOptions = CopyCSVOptions(), columns: [String]? = nil, endsAtMarker: Bool = false,
        limits: CopyReaderLimits = CopyReaderLimits()
    ) throws(PostgresError) {
        try options.validate()
        lines = try CopyLines(header: options.header, columns: columns, limits: limits, literal: "an unquoted")
        let newline = UInt8(ascii: "\n")
        delimiter = options.delimiter.utf8.first ?? 0
        quote = options.quote.utf8.first ?? 0
        escape = options.escape?.utf8.first ?? quote
        plainSearch = ByteSearch(delimiter, quote, newline, UInt8(ascii: "\r"))
        quotedSearch = ByteSearch(quote, escape, quote, escape)
        null = Array(options.null.utf8)
        self.endsAtMarker = endsAtMarker
        forceNull = options.forceNull
        forceNotNull = options.forceNotNull
        forcedNull = options.forceNull.flags(of: columns ?? [])
        forcedNotNull = options.forceNotNull.flags(of: columns ?? [])
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
        case .quoted: throw lines.violation("the quotes of the field do not end")
        case .escape:
            guard quote == escape else { throw lines.violation("the quotes of the field do not end") }
        case .plain: break
        case .backslash: try lines.copy(UInt8(ascii: "\\"))
        case .marker(let isReturned):
            guard !isReturned else { throw lines.markerMismatch() }
            try copyMarker()
        }
        return try endLine() ? .record : .end
    }

    /// Reads a run, or one byte where what it means depends on the byte before.
    ///
    /// - Returns: whether a record is complete.
    private mutating func step(_ bytes: RawSpan, _ offset: inout Int) throws(PostgresError) -> Bool {
        let byte = bytes.byte(at: offset)
        switch phase {
        case .lineStart:
            guard endsAtMarker, byte == UInt8(ascii: "\\") else { return try runPlain(bytes, &offset) }
            offset += 1
            phase = .backslash
        case .plain: return try runPlain(bytes, &offset)
        case .quoted: try runQuoted(bytes, &offset)
        case .escape:
            guard byte == quote || byte == escape else {
                // What looked like an escape is a quote, which ends here, or stands for itself.
                if quote == escape { phase = .plain } else { try copyEscaped(escape) }
                return false
            }
            offset += 1
            try copyEscaped(byte)
        case .carriageReturn:
            let isNewline = byte == UInt8(ascii: "\n")
            if isNewline { offset += 1 }
            return try endCarriageReturn(isNewline: isNewline)
        case .backslash:
            guard byte == UInt8(ascii: ".") else {
                phase = .plain
                try lines.copy(UInt8(ascii: "\\"))
                return false
            }
            offset += 1
            phase = .marker(isReturned: false)
        case .marker(let isReturned): try endMarker(byte, isReturned, &offset)
        }
        return false
    }

    // MARK: runs

    /// Reads up to a quote, the end of the line or the end of the bytes, and copies it at once.
    private mutating func runPlain(_ bytes: RawSpan, _ offset: inout Int) throws(PostgresError) -> Bool {
        var start = offset
        var found = plainSearch.firstIndex(in: bytes, from: offset)
        while found < bytes.byteCount, bytes.byte(at: found) == delimiter {
            try endField(bytes, &start, found)
            found = plainSearch.firstIndex(in: bytes, from: found + 1)
        }
        try lines.copy(bytes.extracting(start..<found))
        offset = found
        guard found < bytes.byteCount else {
            phase = .plain
            return false
        }
        offset += 1
        switch bytes.byte(at: found) {
        case quote:
            isQuoted = true
            phase = .quoted
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

    /// Reads up to a quote or escape, or the end of the bytes.
    private mutating func runQuoted(_ bytes: RawSpan, _ offset: inout Int) throws(PostgresError) {
        let found = quotedSearch.firstIndex(in: bytes, from: offset)
        let run = bytes.extracting(offset..<found)
        try lines.copy(run)
        countLines(in: run)
        offset = found
        guard found < bytes.byteCount else { return }
        offset += 1
        phase = bytes.byte(at: found) == escape ? .escape : .plain
    }

    private mutating func countLines(in run: RawSpan) {
        let end = lines.ending == .carriageReturn ? UInt8(ascii: "\r") : UInt8(ascii: "\n")
        var offset = 0
        while let next = run.firstIndex(of: end, from: offset) {
            lines.line += 1
            offset = next + 1
        }
    }

    private mutating func copyEscaped(_ byte: UInt8) throws(PostgresError) {
        phase = .quoted
        try lines.copy(byte)
    }

    // MARK: fields and lines

    /// Ends a field at the delimiter at `end`; `start` is where the bytes begin that are not copied yet.
    private mutating func endField(_ bytes: RawSpan, _ start: inout Int, _ end: Int) throws(PostgresError) {
        let length = lines.buffer.bytes.count + end - start - lines.fieldStart
        if length == null.count {
            try lines.copy(bytes.extracting(start..<end))
            start = end
        }
        try lines.endField(at: lines.buffer.bytes.count + end - start, isNull: isNull(length))
        isQuoted = false
    }

    /// Ends the last field of a line, all of which was copied, and the line.
    private mutating func endLine() throws(PostgresError) -> Bool {
        let end = lines.buffer.bytes.count
        try lines.endField(at: end, isNull: isNull(end - lines.fieldStart))
        isQuoted = false
        phase = .lineStart
        return try lines.endLine()
    }

    /// Whether the field, all of which was copied where it may be, is NULL.
    private func isNull(_ length: Int) -> Bool {
        guard length == null.count else { return false }
        let column = lines.buffer.fields.count
        let start = lines.fieldStart
        guard lines.buffer.bytes[start..<start + length].elementsEqual(null) else { return false }
        if isQuoted { return column < forcedNull.count ? forcedNull[column] : forceNull == .all }
        return !(column < forcedNotNull.count ? forcedNotNull[column] : forceNotNull == .all)
    }

    private mutating func endCarriageReturn(isNewline: Bool) throws(PostgresError) -> Bool {
        try lines.takeAfterCarriageReturn(isNewline: isNewline)
        return try endLine()
    }

    // MARK: the end of the data

    private mutating func endMarker(
        _ byte: UInt8, _ isReturned: Bool, _ offset: inout Int
    ) throws(PostgresError) {
        let isNewline = byte == UInt8(ascii: "\n")
        switch lines.ending {
        case _ where !isNewline && byte != UInt8(ascii: "\r"):
            guard !isReturned else { throw lines.markerMismatch() }
            try copyMarker()
            return
        case .unknown: break
        case .newline: guard isNewline else { throw lines.markerMismatch() }
        case .carriageReturn: guard !isNewline else { throw lines.markerMismatch() }
        case .both:
            guard isReturned == isNewline else { throw lines.markerMismatch() }
            guard isReturned else {
                offset += 1
                phase = .marker(isReturned: true)
                return
            }
        }
        offset += 1
        lines.isOver = true
    }

    /// Takes what may have been the end of the data for data.
    private mutating func copyMarker() throws(PostgresError) {
        phase = .plain
        try lines.copy(UInt8(ascii: "\\"))
        try lines.copy(UInt8(ascii: "."))
    }
}

extension CopyCSVReader: CopyReader {}
