/// A part of a row one of whose values is handed out while it arrives. Ranges are offsets into the slab.
package enum RowPart: Hashable, Sendable {
    /// The cells before the value lie here, and the value has so many bytes; nil for NULL.
    case head(cells: Range<Int>, valueBytes: Int?)
    /// The next bytes of the value, never none.
    case value(Range<Int>)
    /// The value is over, and the cells after it lie here.
    case tail(cells: Range<Int>)

    /// Whether the row is over with it.
    package var isTail: Bool { if case .tail = self { true } else { false } }

    /// Where the whole cells of it lie; nil for bytes of the value.
    package var cells: Range<Int>? {
        switch self {
        case .head(let cells, _), .tail(let cells): cells
        case .value: nil
        }
    }

    /// How many bytes it has, without the lengths that frame it.
    package var byteCount: Int {
        switch self {
        case .head(let range, _), .value(let range), .tail(let range): range.count
        }
    }
}

/// What lies at the front of the received bytes where rows come in parts.
package enum PartFrame: Sendable {
    case part(RowPart)
    /// So many bytes are needed, as far as that is known.
    case more(bytes: Int)
    /// The row does not hold together, or is too long.
    case violation(ProtocolViolation)
}

/// Frames rows in parts, so that one value of each may be longer than memory.
///
/// The cells before the value have to be there whole, and so have those after it; both count against the limit for rows. The
/// value itself has no limit but that of the protocol. Of each row comes a head, then pieces of its value, and a tail, also
/// where no cell is before or after the value.
package struct ValueFraming: Sendable {
    /// The index of the value's column.
    let column: Int

    private enum Place {
        case betweenRows
        /// Within a value of which `left` bytes are to come, in front of a tail of `tail` bytes.
        case value(left: Int, tail: Int)
    }

    private var place = Place.betweenRows

    /// Frames the values of a column.
    package init(column: Int) { self.column = column }

    /// What is still to come of a row whose head was handed out.
    package var bytesLeft: Int {
        if case .value(let left, let tail) = place { left + tail } else { 0 }
    }

    /// Whether the head of a row was handed out, and its tail was not.
    package var isWithinRow: Bool {
        if case .value = place { true } else { false }
    }

    /// Takes the next part off the slab; nil where no row is at its front.
    ///
    /// - Parameters:
    ///   - columnCount: how many columns the rows of the running query have; nil where no row may come.
    ///   - lengthMax: how long the cells before the value may be, and those after it.
    package mutating func next(in slab: ReceiveSlab, columnCount: Int?, lengthMax: Int) -> PartFrame? {
        switch place {
        case .betweenRows:
            guard let columnCount, slab.end > slab.start,
                slab.bytes(slab.start..<slab.end).byte(at: 0) == UInt8(ascii: "D")
            else { return nil }
            return head(in: slab, columnCount, lengthMax)
        case .value(0, let tail):
            return self.tail(of: tail, in: slab, (columnCount ?? 0) - column - 1, lengthMax)
        case .value(let left, let tail):
            let count = min(left, slab.end - slab.start)
            guard count > 0 else { return .more(bytes: 1) }
            let piece = slab.start..<slab.start + count
            slab.consume(upTo: piece.upperBound)
            place = .value(left: left - count, tail: tail)
            return .part(.value(piece))
        }
    }

    private mutating func head(in slab: ReceiveSlab, _ columnCount: Int, _ lengthMax: Int) -> PartFrame {
        let bytes = slab.bytes(slab.start..<slab.end)
        guard bytes.byteCount >= ReceiveSlab.rowHeaderBytes else { return .more(bytes: ReceiveSlab.rowHeaderBytes) }
        let length = Int(bytes.bigEndian(at: 1, as: Int32.self))
        let columns = Int(bytes.bigEndian(at: 5, as: UInt16.self))
        guard length <= MessageLimits.rowBytesLimit else {
            return .violation(.tooLarge(length: length, limit: MessageLimits.rowBytesLimit))
        }
        guard columns == columnCount, column < columnCount, length >= 6 + 4 * columnCount else {
            return .violation(Self.malformed)
        }
        let total = length + 1
        var walk = CellLengths(bytes, from: ReceiveSlab.rowHeaderBytes)
        for index in 0..<column {
            // Every cell that follows has a length at least.
            let needed: Int
            switch walk.step(upTo: total - 4 * (columnCount - index - 1)) {
            case .cell: needed = walk.offset
            case .more(let bytes): needed = bytes
            case .malformed: return .violation(Self.malformed)
            }
            guard needed - ReceiveSlab.rowHeaderBytes <= lengthMax else {
                return .violation(.tooLarge(length: needed, limit: lengthMax))
            }
            guard needed == walk.offset else { return .more(bytes: needed) }
        }
        guard bytes.byteCount >= walk.offset + 4 else { return .more(bytes: walk.offset + 4) }
        let value = Int(bytes.bigEndian(at: walk.offset, as: Int32.self))
        let tail = total - walk.offset - 4 - max(value, 0)
        guard value >= -1, tail >= 4 * (columnCount - column - 1) else { return .violation(Self.malformed) }
        guard tail <= lengthMax else { return .violation(.tooLarge(length: tail, limit: lengthMax)) }
        let cells = slab.start + ReceiveSlab.rowHeaderBytes..<slab.start + walk.offset
        slab.consume(upTo: cells.upperBound + 4)
        place = .value(left: max(value, 0), tail: tail)
        return .part(.head(cells: cells, valueBytes: value < 0 ? nil : value))
    }

    private mutating func tail(of count: Int, in slab: ReceiveSlab, _ columnCount: Int, _ lengthMax: Int) -> PartFrame {
        guard slab.end - slab.start >= count else { return .more(bytes: count) }
        let cells = slab.start..<slab.start + count
        var walk = CellLengths(slab.bytes(cells), from: 0)
        for index in 0..<max(columnCount, 0) {
            guard case .cell = walk.step(upTo: count - 4 * (columnCount - index - 1)) else {
                return .violation(Self.malformed)
            }
        }
        guard walk.offset == count else { return .violation(Self.malformed) }
        slab.consume(upTo: cells.upperBound)
        place = .betweenRows
        return .part(.tail(cells: cells))
    }

    private static let malformed = ProtocolViolation(
        .malformedMessage, "DataRow message does not hold the columns that were described")
}

/// Steps from cell to cell of a row that may be there in part.
private struct CellLengths: ~Escapable {
    private let bytes: RawSpan
    /// Where the next cell begins.
    private(set) var offset: Int

    enum Step {
        case cell
        /// The cell is not there whole; up to its end so many bytes are needed.
        case more(bytes: Int)
        case malformed
    }

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, from offset: Int) {
        self.bytes = bytes
        self.offset = offset
    }

    /// Goes past one cell, which has to end before `end`.
    @_lifetime(self: copy self)
    mutating func step(upTo end: Int) -> Step {
        guard bytes.byteCount >= offset + 4 else { return offset + 4 <= end ? .more(bytes: offset + 4) : .malformed }
        let length = Int(bytes.bigEndian(at: offset, as: Int32.self))
        let next = offset + 4 + max(length, 0)
        guard length >= -1, next <= end else { return .malformed }
        guard bytes.byteCount >= next else { return .more(bytes: next) }
        offset = next
        return .cell
    }
}
