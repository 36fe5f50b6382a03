extension ReceiveSlab {
    /// Frames the CopyData messages at the front in one pass: writes where they lie to the row table and consumes them.
    ///
    /// An offset in the table is as far from its message's first byte as that of a DataRow. The body of a tuple in the
    /// binary format is laid out as that of a DataRow, so such a message is a row with no further work.
    func frameCopyData(lengthMax: Int) -> RowRunStop {
        let bytes = bytes(0..<end)
        var offset = start
        var row = rowCount
        var stop = RowRunStop.otherMessage
        while true {
            let available = bytes.byteCount - offset
            guard available >= Deframer.headerBytes else {
                if available > 0 { stop = .more(bytes: Deframer.headerBytes) }
                break
            }
            guard bytes.byte(at: offset) == UInt8(ascii: "d") else { break }
            let length = Int(bytes.bigEndian(at: offset + 1, as: Int32.self))
            guard length >= Self.copyDataLengthMin, length <= lengthMax else {
                stop = .violation(Self.violation(copyDataLength: length, lengthMax))
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

    /// The length counts itself; the data may be empty.
    private static var copyDataLengthMin: Int { 4 }

    private static func violation(copyDataLength length: Int, _ lengthMax: Int) -> ProtocolViolation {
        if length > lengthMax { return .tooLarge(length: length, limit: lengthMax) }
        return ProtocolViolation(.malformedMessage, "message announces a length below its own size")
    }
}

extension ReceiveSlab {
    /// The data of the CopyData message at `index`, an index that a frame gave out.
    @_lifetime(borrow self)
    package func copyData(at index: Int) -> RawSpan {
        let message = messageBytes(ofRows: index..<index + 1)
        let data = message.extracting(Deframer.headerBytes..<message.byteCount)
        return unsafe _overrideLifetime(data, borrowing: self)
    }

    /// How many bytes of data the CopyData messages have together, without their headers.
    package func copyDataByteCount(ofRows rows: Range<Int>) -> Int {
        byteCount(ofRows: rows) - rows.count * Deframer.headerBytes
    }

    /// The longest of the messages' data.
    package func longestCopyData(inRows rows: Range<Int>) -> Int {
        rows.reduce(0) { longest, row in max(longest, byteCount(ofRows: row..<row + 1) - Deframer.headerBytes) }
    }

    /// How much data the CopyData at the front announces, which has come in part; zero where its length has not come.
    package var copyDataBytesInPartialMessage: Int {
        guard end - start >= Deframer.headerBytes else { return 0 }
        let front = bytes(start..<start + Deframer.headerBytes)
        guard front.byte(at: 0) == UInt8(ascii: "d") else { return 0 }
        return max(Int(front.bigEndian(at: 1, as: Int32.self)) - 4, 0)
    }

    /// The messages at `rows` as they came, one after the other: what has to be sent to pass them on.
    @_lifetime(borrow self)
    package func messageBytes(ofRows rows: Range<Int>) -> RawSpan {
        guard let first = rows.first else { return bytes(0..<0) }
        let begin = messageStart(ofRow: first)
        return bytes(begin..<begin + byteCount(ofRows: rows))
    }

    /// Cuts the first `count` bytes of data off a CopyData message, by moving its header forward. The message must not
    /// have been given out yet.
    ///
    /// - Precondition: the data is as long, and `count` is no less than the header's length.
    package func dropFront(_ count: Int, ofRow index: Int) {
        let begin = messageStart(ofRow: index)
        let length = byteCount(ofRows: index..<index + 1) - 1 - count
        precondition(
            count >= Deframer.headerBytes && length >= Self.copyDataLengthMin, "a message is cut within its data")
        move(row: index, to: begin + count, length: Int32(truncatingIfNeeded: length))
    }
}
