/// Finds the tuples among the messages of a copy in the binary format (manual: COPY, "Binary Format").
///
/// The server sends each tuple in a message of its own (manual: "COPY Operations"); the header comes with the first of them.
package final class CopyTuples {
    private enum Step { case header, tuples, ended }

    private var step = Step.header
    private let columnCount: Int

    /// Creates the state of a copy of so many columns, at its beginning.
    package init(columnCount: Int) { self.columnCount = columnCount }

    /// Returns those of the messages that are tuples: all but the header and the trailer. Each has the right number of fields,
    /// and room for their lengths.
    package func tuples(among rows: Range<Int>, in slab: ReceiveSlab) throws(ProtocolViolation) -> Range<Int> {
        var rows = rows
        if step == .header, let first = rows.first {
            let data = slab.copyData(at: first)
            let count = try Self.headerByteCount(of: data)
            if data.byteCount == count {
                rows = first + 1..<rows.upperBound
            } else {
                slab.dropFront(count, ofRow: first)
            }
            step = .tuples
        }
        for row in rows where try !isTuple(slab.copyData(at: row)) {
            guard row + 1 == rows.upperBound else { throw Self.malformed("goes on after its end") }
            step = .ended
            return rows.lowerBound..<row
        }
        return rows
    }

    /// The server has sent everything.
    package func end() throws(ProtocolViolation) {
        guard step == .ended else { throw Self.malformed("has no trailer") }
    }

    /// Whether the data is a tuple; false for the trailer.
    private func isTuple(_ data: RawSpan) throws(ProtocolViolation) -> Bool {
        guard step == .tuples else { throw Self.malformed("goes on after its end") }
        guard data.byteCount >= 2 else { throw Self.malformed("holds a tuple that is cut off") }
        let count = Int(data.bigEndian(at: 0, as: Int16.self))
        guard count != Self.trailer || data.byteCount > 2 else { return false }
        guard count == columnCount else {
            throw Self.malformed("holds a tuple of \(count) columns where \(columnCount) were described")
        }
        guard data.byteCount >= 2 + 4 * count else { throw Self.malformed("holds a tuple that is cut off") }
        return true
    }

    private static let trailer = -1

    private static func headerByteCount(of data: RawSpan) throws(ProtocolViolation) -> Int {
        guard data.byteCount >= headerBytesMin, signature.indices.allSatisfy({ data.byte(at: $0) == signature[$0] })
        else { throw malformed("does not begin with its signature") }
        let flags = data.bigEndian(at: signature.count, as: UInt32.self)
        guard flags >> firstCriticalBit == 0 else { throw malformed("has flags that are not known") }
        let count = headerBytesMin + Int(data.bigEndian(at: signature.count + 4, as: UInt32.self))
        guard count <= data.byteCount else { throw malformed("has a header that is cut off") }
        return count
    }

    private static let signature: [UInt8] = [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00]
    /// The signature, the flags and the length of what else the header holds.
    private static let headerBytesMin = 19
    /// A reader that does not know one of the flags from here on must not go on.
    private static let firstCriticalBit = 16

    private static func malformed(_ what: String) -> ProtocolViolation {
        ProtocolViolation(.malformedMessage, "binary copy \(what)")
    }
}
