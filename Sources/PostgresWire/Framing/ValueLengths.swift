extension ReceiveSlab {
    /// The longest value that the rows announce; whole rows, as `frameRows` wrote them to the table.
    package func longestValue(inRows rows: Range<Int>) -> Int {
        rows.reduce(0) { longest, row in
            let bytes = byteCount(ofRows: row..<row + 1)
            let begin = unsafe Int(rowOffsets[row])
            return max(longest, longestValue(in: begin..<begin + bytes - Self.rowHeaderBytes))
        }
    }

    /// The longest value that the row at the front announces, which has come in part; values whose length has not come
    /// yet do not count.
    package var longestValueInPartialRow: Int {
        guard end - start > Self.rowHeaderBytes, bytes(start..<end).byte(at: 0) == UInt8(ascii: "D") else { return 0 }
        return longestValue(in: start + Self.rowHeaderBytes..<end)
    }

    /// The longest value among cells, each of which begins with its length.
    package func longestValue(in cells: Range<Int>) -> Int {
        let bytes = bytes(cells)
        var (offset, longest) = (0, 0)
        while offset <= bytes.byteCount - 4 {
            let length = Int(bytes.bigEndian(at: offset, as: Int32.self))
            longest = max(longest, length)
            // A null value has no bytes; a length beyond the row is found out by whoever decodes it.
            offset += 4 + max(length, 0)
        }
        return longest
    }
}
