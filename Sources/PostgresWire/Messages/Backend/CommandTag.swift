/// The text by which the server says which command has ended: "SELECT 5", "INSERT 0 5", "BEGIN".
package struct CommandTag: Hashable, Sendable {
    /// The tag as the server wrote it.
    package let text: String
    /// The number of rows that the command returned or touched: the number at the end of the tag.
    ///
    /// `nil` if the command has no such number, or if it does not fit into an Int.
    package let rows: Int?

    /// Creates a tag from the server's text.
    package init(_ text: String) {
        self.text = text
        rows = text.withBytes { bytes in Self.count(atEndOf: bytes) }
    }

    /// Creates a tag from the server's text, which is ASCII.
    init(ascii text: RawSpan) {
        self.text = unsafe text.withUnsafeBytes { bytes in unsafe String(decoding: bytes, as: UTF8.self) }
        rows = Self.count(atEndOf: text)
    }

    /// The number at the end of a tag, after a space; nil where there is none, or where it does not fit into an Int.
    static func count(atEndOf text: RawSpan) -> Int? {
        var (count, factor, index) = (0, 1, text.byteCount)
        while index > 0 {
            index -= 1
            let byte = text.byte(at: index)
            guard byte != UInt8(ascii: " ") else { return index + 1 < text.byteCount ? count : nil }
            // A sign is refused as any other character is: no tag has one.
            let digit = byte &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            if digit > 0 {
                let (part, isTooLarge) = Int(digit).multipliedReportingOverflow(by: factor)
                let (sum, overflows) = count.addingReportingOverflow(part)
                guard factor > 0, !isTooLarge, !overflows else { return nil }
                count = sum
            }
            // 0 from the nineteenth digit on: a further one that is not 0 does not fit.
            factor = factor < Self.factorMax ? factor * 10 : 0
        }
        return nil
    }

    private static let factorMax = 1_000_000_000_000_000_000
}
