/// Why a run of DataRows ended.
enum RowRunStop {
    /// Something else follows, or nothing at all.
    case otherMessage
    /// A row is not complete; it will be `bytes` long with its header.
    case more(bytes: Int)
    /// The slab's table of rows is full; the rest goes on in another slab.
    case tableFull
    /// The row at the front breaks a rule. Rows before it are whole.
    case violation(ProtocolViolation)
}

extension ReceiveSlab {
    /// The type byte, the length and the column count.
    static let rowHeaderBytes = 7

    /// Frames the DataRows at the front in one pass: writes their offsets to the row table and consumes them.
    ///
    /// All state of the loop is in locals: a class property written per row would cost an exclusivity check each.
    func frameRows(columnCount: Int, lengthMax: Int) -> RowRunStop {
        let bytes = bytes(0..<end)
        let lengthMin = 6 + 4 * columnCount
        var offset = start
        var row = rowCount
        var stop = RowRunStop.otherMessage
        while true {
            let available = bytes.byteCount - offset
            guard available >= Self.rowHeaderBytes else {
                stop = Self.stop(withinHeader: bytes.extracting(offset..<bytes.byteCount), columnCount, lengthMax)
                break
            }
            guard bytes.byte(at: offset) == UInt8(ascii: "D") else { break }
            let length = Int(bytes.bigEndian(at: offset + 1, as: Int32.self))
            let columns = Int(bytes.bigEndian(at: offset + 5, as: UInt16.self))
            guard length >= lengthMin, length <= lengthMax, columns == columnCount else {
                stop = .violation(Self.violation(length: length, lengthMax: lengthMax, columns, columnCount))
                break
            }
            guard length < available else {
                stop = .more(bytes: length + 1)
                break
            }
            guard row < rowCapacity else {
                stop = .tableFull
                break
            }
            note(row: row, at: offset)
            row += 1
            offset += length + 1
        }
        commit(rowCount: row, start: offset)
        return stop
    }

    /// A length that no column count could mend is refused without one: a peer may send nothing behind it.
    private static func stop(withinHeader bytes: RawSpan, _ columnCount: Int, _ lengthMax: Int) -> RowRunStop {
        guard bytes.byteCount > 0 else { return .otherMessage }
        guard bytes.byteCount >= Deframer.headerBytes, bytes.byte(at: 0) == UInt8(ascii: "D") else {
            return .more(bytes: rowHeaderBytes)
        }
        let length = Int(bytes.bigEndian(at: 1, as: Int32.self))
        guard length >= 6, length <= lengthMax else {
            return .violation(violation(length: length, lengthMax: lengthMax, columnCount, columnCount))
        }
        return .more(bytes: rowHeaderBytes)
    }

    private static func violation(
        length: Int, lengthMax: Int, _ columns: Int, _ columnCount: Int
    ) -> ProtocolViolation {
        if length > lengthMax { return .tooLarge(length: length, limit: lengthMax) }
        if columns != columnCount, length >= 6 {
            return ProtocolViolation(
                .malformedMessage, "DataRow message has \(columns) columns where \(columnCount) were described")
        }
        return ProtocolViolation(.malformedMessage, "DataRow message is shorter than its columns")
    }
}
