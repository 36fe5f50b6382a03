import PostgresWire

/// What text and CSV have in common while they are read: lines and how they end, the header, the number of fields.
struct CopyLines: Sendable {
    /// How the lines of this data end; all do alike.
    enum Ending: Sendable {
        case unknown
        case newline
        case carriageReturn
        case both
    }

    var ending = Ending.unknown
    /// The line that is being read, from 1.
    var line = 1
    /// The line in which the record begins.
    private(set) var recordLine = 1
    var buffer: CopyRecordBuffer
    /// Where the field that is being read begins in the buffer.
    var fieldStart = 0
    /// Why nothing more can be read.
    private(set) var failure: PostgresError?
    /// Whether the data was over before its end.
    var isOver = false
    private var isDelivered = false
    private let columnCount: Int?
    private let columns: [String]?
    private var header: CopyHeader
    private let literal: String

    init(
        header: CopyHeader, columns: [String]?, limits: CopyReaderLimits, literal: String
    ) throws(PostgresError) {
        if header == .match, columns == nil {
            throw .copyRefused("the names of the columns are needed to compare the header with")
        }
        buffer = CopyRecordBuffer(bytesMax: limits.recordBytesMax)
        columnCount = limits.columnCount ?? columns?.count
        self.columns = columns
        self.header = header
        self.literal = literal
    }

    /// Makes room for the next record where the last one was delivered.
    mutating func begin() throws(PostgresError) {
        if let failure { throw failure }
        guard isDelivered else { return }
        isDelivered = false
        clear()
    }

    private mutating func clear() {
        buffer.removeAll()
        fieldStart = 0
        recordLine = line
    }

    /// Whether nothing of the line was read.
    var isAtLineStart: Bool { buffer.bytes.isEmpty && buffer.fields.isEmpty }

    /// Copies a run of bytes that belong to the record.
    mutating func copy(_ bytes: RawSpan) throws(PostgresError) {
        guard buffer.hasRoom(for: bytes.byteCount) else { throw tooLarge() }
        buffer.bytes.append(copying: bytes)
    }

    /// Copies one byte.
    mutating func copy(_ byte: UInt8) throws(PostgresError) {
        guard buffer.hasRoom(for: 1) else { throw tooLarge() }
        buffer.bytes.append(byte)
    }

    /// Ends the field in front of an index of the buffer.
    mutating func endField(at end: Int, isNull: Bool) throws(PostgresError) {
        if isNull { buffer.appendNull() } else { buffer.appendField(fieldStart, end) }
        fieldStart = end + 1
        guard buffer.hasRoom(for: 0) else { throw tooLarge() }
        guard header == .none, let columnCount, columnCount > 0, buffer.fields.count > columnCount else { return }
        throw violation("there is more than the expected \(columnCount) fields")
    }

    /// Takes the line for complete.
    ///
    /// - Returns: whether it is a record, and not the header.
    mutating func endLine() throws(PostgresError) -> Bool {
        line += 1
        guard header == .none else {
            if header == .match { try compareHeader() }
            header = .none
            clear()
            return false
        }
        if columnCount == 0 { try dropOnlyField() }
        if let columnCount, buffer.fields.count < columnCount {
            throw violation("there are \(buffer.fields.count) fields, and \(columnCount) are expected", isField: false)
        }
        isDelivered = true
        return true
    }

    /// A line of a table without columns is empty.
    private mutating func dropOnlyField() throws(PostgresError) {
        guard buffer.fields.count == 1, buffer.bytes.isEmpty else { throw violation("there are no columns") }
        buffer.removeAll()
    }

    private mutating func compareHeader() throws(PostgresError) {
        let names = columns ?? []
        guard buffer.fields.count == names.count else {
            throw violation(
                "the header has \(buffer.fields.count) fields, and \(names.count) are expected", isField: false)
        }
        for (index, field) in buffer.fields.enumerated() {
            let isSame = !field.isNull && buffer.bytes[field.start..<field.end].elementsEqual(names[index].utf8)
            guard isSame else {
                throw violation(
                    "field \(index + 1) of the header is not \(names[index].quotedInOneLine)", isField: false)
            }
        }
    }

    // MARK: ends of lines

    /// Takes a newline for the end of a line.
    mutating func takeNewline() throws(PostgresError) {
        guard ending == .unknown || ending == .newline else {
            throw violation("there is \(literal) newline, and other lines end otherwise", isField: true)
        }
        ending = .newline
    }

    /// Takes a carriage return for the end of a line.
    ///
    /// - Returns: whether a newline may belong to it.
    mutating func takeCarriageReturn() throws(PostgresError) -> Bool {
        switch ending {
        case .unknown, .both: return true
        case .carriageReturn: return false
        case .newline: throw strayCarriageReturn()
        }
    }

    /// Takes what follows a carriage return; `isNewline` is false at the end of the data too.
    mutating func takeAfterCarriageReturn(isNewline: Bool) throws(PostgresError) {
        guard isNewline || ending == .unknown else { throw strayCarriageReturn() }
        ending = isNewline ? .both : .carriageReturn
    }

    private mutating func strayCarriageReturn() -> PostgresError {
        violation("there is \(literal) carriage return, and other lines end otherwise", isField: true)
    }

    /// The violation of an end marker that does not end its line as other lines do.
    mutating func markerMismatch() -> PostgresError {
        violation("the end-of-copy marker does not match the previous newline style", isField: false)
    }

    // MARK: errors

    /// Remembers and returns why the data cannot be read.
    @inline(never)
    mutating func violation(_ problem: String, isField: Bool = true) -> PostgresError {
        let error = PostgresError.copyMalformed(place(isField: isField), problem)
        failure = error
        return error
    }

    @inline(never)
    private mutating func tooLarge() -> PostgresError {
        let error = PostgresError.copyTooLarge(place(isField: true), buffer.bytesMax)
        failure = error
        return error
    }

    private func place(isField: Bool) -> String {
        "line \(recordLine)" + (isField ? ", field \(buffer.fields.count + 1)" : "")
    }
}
