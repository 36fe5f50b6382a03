import PostgresWire

/// Reads the binary format of COPY from bytes that may be cut anywhere (manual: COPY, "Binary Format").
///
/// ```swift
/// var data: [UInt8] = []
/// CopyBinaryWriter.appendHeader(to: &data)
/// try CopyBinaryWriter.append([[0, 0, 0, 42]], to: &data)
/// CopyBinaryWriter.appendTrailer(to: &data)
/// var reader = CopyBinaryReader()
/// var offset = 0
/// while try reader.next(in: data, at: &offset) == .record {
///     print(try reader.record.decode(Int32.self, at: 0, as: .int4))
/// }
/// ```
public struct CopyBinaryReader: Sendable {
    private enum Phase {
        case header
        /// So many bytes of the header's extension are to be skipped.
        case extended(bytesLeft: Int)
        case row
        case over
    }

    private var phase = Phase.header
    private var header: [UInt8] = []
    /// The row, from its number of fields on.
    private var buffer: CopyRecordBuffer
    /// How many fields of the row have not begun; −1 before their number was read.
    private var fieldsLeft = -1
    /// How many bytes of the last field are missing.
    private var bytesLeft = 0
    /// Where the last field ends.
    private var lastEnd = 2
    private var row = 1
    private var isDelivered = false
    private var failure: PostgresError?
    private let columnCount: Int?

    /// Creates a reader.
    public init(limits: CopyReaderLimits = CopyReaderLimits()) {
        buffer = CopyRecordBuffer(bytesMax: limits.recordBytesMax)
        columnCount = limits.columnCount
    }

    /// The row that `next` has come to last.
    public var record: CopyRecord {
        @_lifetime(borrow self) get { CopyRecord(buffer, format: .binary, number: row) }
    }

    /// Returns the row that `next` has come to last as the cells of columns of these types.
    @_lifetime(borrow self, copy types)
    package func cells(types: Span<ColumnType>) -> RowCursor {
        let cells = buffer.bytes.rawSpan
        return RowCursor(RowCells(cells.extracting(2..<cells.byteCount), types: types))
    }

    /// Reads on from `offset`, which moves past what was read.
    ///
    /// - Throws: `valueMalformed` for data that the server would refuse, with row and field; `resultTooLarge` for a row
    ///   beyond the limits. The reader throws the same from then on.
    public mutating func next(in bytes: RawSpan, at offset: inout Int) throws(PostgresError) -> CopyProgress {
        if let failure { throw failure }
        if isDelivered { beginRow() }
        while true {
            switch phase {
            case .header: guard try readHeader(bytes, &offset) else { return .more }
            case .extended(let bytesLeft):
                let skipped = min(bytesLeft, bytes.byteCount - offset)
                offset += skipped
                phase = skipped == bytesLeft ? .row : .extended(bytesLeft: bytesLeft - skipped)
                guard skipped == bytesLeft else { return .more }
            case .row:
                guard offset < bytes.byteCount else { return .more }
                var isComplete = try readWholeRow(bytes, &offset)
                if !isComplete { isComplete = try readRow(bytes, &offset) }
                guard isComplete else { return .more }
                if case .over = phase { continue }
                isDelivered = true
                return .record
            case .over:
                guard offset == bytes.byteCount else { throw violation("there are bytes after the trailer") }
                return .end
            }
        }
    }

    /// Reads on from `offset`, which moves past what was read.
    ///
    /// - Throws: as the form above.
    public mutating func next(in bytes: [UInt8], at offset: inout Int) throws(PostgresError) -> CopyProgress {
        try next(in: bytes.rawSpan, at: &offset)
    }

    /// Says that there is no more data.
    ///
    /// - Throws: `valueMalformed` where the trailer has not come.
    public mutating func finish() throws(PostgresError) -> CopyProgress {
        if let failure { throw failure }
        guard case .over = phase else { throw violation("the data ends without its trailer") }
        return .end
    }

    // MARK: the header

    private mutating func readHeader(_ bytes: RawSpan, _ offset: inout Int) throws(PostgresError) -> Bool {
        let signature = CopyBinaryWriter.signature
        while offset < bytes.byteCount, header.count < signature.count + 8 {
            let byte = bytes.byte(at: offset)
            guard header.count >= signature.count || byte == signature[header.count] else {
                throw violation("the signature of the binary format is not there", isHeader: true)
            }
            header.append(byte)
            offset += 1
        }
        guard header.count == signature.count + 8 else { return false }
        let flags: UInt32 = header.rawSpan.bigEndian(at: signature.count)
        guard flags & 1 << 16 == 0 else { throw violation("it has object IDs", isHeader: true) }
        guard flags >> 16 == 0 else { throw violation("it has critical flags that are not known", isHeader: true) }
        let length: Int32 = header.rawSpan.bigEndian(at: signature.count + 4)
        guard length >= 0 else { throw violation("the length of its extension is negative", isHeader: true) }
        phase = .extended(bytesLeft: Int(length))
        return true
    }

    // MARK: rows

    private mutating func beginRow() {
        isDelivered = false
        buffer.removeAll()
        fieldsLeft = -1
        row += 1
    }

    /// Reads a row that has not begun and is here as a whole; leaves anything else to `readRow`.
    private mutating func readWholeRow(_ bytes: RawSpan, _ offset: inout Int) throws(PostgresError) -> Bool {
        guard buffer.bytes.isEmpty, bytes.byteCount - offset >= 2 else { return false }
        let count = Int(bytes.bigEndian(at: offset, as: Int16.self))
        guard count >= 0, columnCount ?? count == count else { return false }
        var end = offset + 2
        for _ in 0..<count {
            let length = bytes.byteCount - end >= 4 ? bytes.bigEndian(at: end, as: Int32.self) : -2
            end += 4
            guard length >= 0 else {
                guard length == -1 else { return discardFields() }
                buffer.appendNull()
                continue
            }
            guard Int(length) <= bytes.byteCount - end else { return discardFields() }
            buffer.appendField(end - offset, end - offset + Int(length))
            end += Int(length)
        }
        guard buffer.hasRoom(for: end - offset) else { throw tooLarge() }
        buffer.bytes.append(copying: bytes.extracting(offset..<end))
        offset = end
        return true
    }

    private mutating func discardFields() -> Bool {
        buffer.removeAll()
        return false
    }

    /// Reads a row that is cut, as far as it is here.
    ///
    /// - Returns: whether it is complete, or the trailer was read in its place.
    private mutating func readRow(_ bytes: RawSpan, _ offset: inout Int) throws(PostgresError) -> Bool {
        if fieldsLeft < 0 {
            guard try copy(2 - buffer.bytes.count, bytes, &offset) else { return false }
            guard try beginFields(Int(buffer.bytes.rawSpan.bigEndian(at: 0, as: Int16.self))) else { return true }
        }
        while true {
            let available = min(bytesLeft, bytes.byteCount - offset)
            if available > 0 {
                _ = try copy(available, bytes, &offset)
                bytesLeft -= available
            }
            guard bytesLeft == 0 else { return false }
            guard fieldsLeft > 0 else { return true }
            guard try copy(lengthEnd - buffer.bytes.count, bytes, &offset) else { return false }
            try beginField(buffer.bytes.rawSpan.bigEndian(at: lengthEnd - 4))
        }
    }

    /// Where the length of the next field ends.
    private var lengthEnd: Int { lastEnd + 4 }

    /// Takes the number of a row's fields; false for the trailer.
    private mutating func beginFields(_ count: Int) throws(PostgresError) -> Bool {
        guard count != -1 else {
            phase = .over
            buffer.removeAll()
            return false
        }
        guard count >= 0 else { throw violation("the number of fields is negative") }
        if let columnCount, count != columnCount {
            throw violation("there are \(count) fields, and \(columnCount) are expected")
        }
        fieldsLeft = count
        lastEnd = 2
        return true
    }

    private mutating func beginField(_ length: Int32) throws(PostgresError) {
        guard length >= -1 else { throw violation("the length of field \(buffer.fields.count + 1) is negative") }
        let start = buffer.bytes.count
        if length == -1 {
            buffer.appendNull()
            lastEnd = start
        } else {
            guard buffer.hasRoom(for: Int(length)) else { throw tooLarge() }
            buffer.appendField(start, start + Int(length))
            lastEnd = start + Int(length)
            bytesLeft = Int(length)
        }
        fieldsLeft -= 1
    }

    /// Copies so many bytes, or as many of them as are here.
    ///
    /// - Returns: whether all of them were.
    private mutating func copy(
        _ count: Int, _ bytes: RawSpan, _ offset: inout Int
    ) throws(PostgresError) -> Bool {
        let available = min(count, bytes.byteCount - offset)
        guard buffer.hasRoom(for: available) else { throw tooLarge() }
        buffer.bytes.append(copying: bytes.extracting(offset..<offset + available))
        offset += available
        return available == count
    }

    // MARK: errors

    private mutating func violation(_ problem: String, isHeader: Bool = false) -> PostgresError {
        let error = PostgresError.copyMalformed(isHeader ? "the header" : "row \(row)", problem)
        failure = error
        return error
    }

    private mutating func tooLarge() -> PostgresError {
        let error = PostgresError.copyTooLarge("row \(row)", buffer.bytesMax)
        failure = error
        return error
    }
}

extension CopyBinaryReader: CopyReader {}
