import PostgresWire

/// A `pg_lsn`: a position in the write-ahead log.
public struct PostgresLSN: Hashable, Comparable, Sendable {
    /// The position in bytes.
    public let position: UInt64

    /// Creates a position from its number of bytes.
    public init(position: UInt64) { self.position = position }

    /// Orders by position.
    public static func < (left: PostgresLSN, right: PostgresLSN) -> Bool { left.position < right.position }
}

extension PostgresLSN: TextForm, PostgresTextConvertible {
    /// Reads two hexadecimal numbers with a slash between them.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// Two hexadecimal numbers with a slash between them, such as `16/B374D848`.
    public var description: String { text }

    init?(reading reader: inout TextReader) {
        guard let high = reader.hexadecimal(1...8), reader.skip("/"), let low = reader.hexadecimal(1...8) else {
            return nil
        }
        position = high << 32 | low
    }

    func write(to text: inout [UInt8]) {
        text += String(position >> 32, radix: 16, uppercase: true).utf8
        text.append(UInt8(ascii: "/"))
        text += String(position & 0xFFFF_FFFF, radix: 16, uppercase: true).utf8
    }
}

extension PostgresLSN: PostgresDecodable {
    /// Decodes a `pg_lsn`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .pgLSN else { throw cell.typeMismatch(PostgresLSN.self) }
        self = cell.format == .binary ? PostgresLSN(position: try cell.integer()) : try cell.text()
    }

    /// `pg_lsn`
    public static var postgresType: PostgresType { .pgLSN }

    /// Appends eight bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: position) }
}

extension TextReader {
    /// Reads as many hexadecimal digits as there are; nil where the number of digits is outside of `digits`, which does
    /// not go beyond sixteen.
    @_lifetime(self: copy self)
    mutating func hexadecimal(_ digits: ClosedRange<Int>) -> UInt64? {
        let start = offset
        var value: UInt64 = 0
        while let digit = next?.hexadecimalValue {
            guard offset - start < digits.upperBound else { return nil }
            value = value << 4 | UInt64(digit)
            _ = byte()
        }
        return offset - start >= digits.lowerBound ? value : nil
    }
}
