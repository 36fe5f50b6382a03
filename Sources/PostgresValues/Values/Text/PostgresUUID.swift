public import PostgresWire

/// A `uuid`: sixteen bytes.
@frozen
public struct PostgresUUID: Hashable, Comparable, Sendable {
    /// The first eight bytes, the first of them highest.
    public let high: UInt64
    /// The last eight bytes.
    public let low: UInt64

    /// Creates a value from its two halves.
    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Creates a value from sixteen bytes; nil for another number.
    public init?(bytes: [UInt8]) {
        guard bytes.count == 16 else { return nil }
        high = bytes.rawSpan.bigEndian(at: 0)
        low = bytes.rawSpan.bigEndian(at: 8)
    }

    /// The sixteen bytes.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        encode(into: &bytes)
        return bytes
    }

    /// Orders byte by byte, as Postgres does.
    public static func < (left: PostgresUUID, right: PostgresUUID) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }
}

extension PostgresUUID: TextForm, PostgresTextConvertible {
    /// Reads 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12 with hyphens between them, in either case.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// The digits in lower case, such as `a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11`.
    public var description: String { text }

    private static func hyphen(after index: Int) -> Bool { index == 8 || index == 12 || index == 16 || index == 20 }

    init?(reading reader: inout TextReader) {
        var halves: (high: UInt64, low: UInt64) = (0, 0)
        for index in 0..<32 {
            if Self.hyphen(after: index) { guard reader.skip("-") else { return nil } }
            guard let digit = reader.byte()?.hexadecimalValue else { return nil }
            if index < 16 {
                halves.high = halves.high << 4 | UInt64(digit)
            } else {
                halves.low = halves.low << 4 | UInt64(digit)
            }
        }
        self.init(high: halves.high, low: halves.low)
    }

    func write(to text: inout [UInt8]) {
        for index in 0..<32 {
            if Self.hyphen(after: index) { text.append(UInt8(ascii: "-")) }
            let half = index < 16 ? high : low
            text.append(UInt8(truncatingIfNeeded: half >> UInt64(60 - 4 * (index % 16)) & 15).hexadecimalDigit)
        }
    }
}

extension PostgresUUID: PostgresDecodable {
    /// Decodes a `uuid`.
    @inlinable
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .uuid else { throw cell.typeMismatch(PostgresUUID.self) }
        guard cell.format == .binary else {
            self = try Self.read(cell)
            return
        }
        guard cell.bytes.byteCount == 16 else { throw cell.malformed(PostgresUUID.self) }
        self.init(high: cell.bytes.bigEndian(at: 0), low: cell.bytes.bigEndian(at: 8))
    }

    @usableFromInline
    static func read(_ cell: borrowing PostgresCell) throws(PostgresError) -> PostgresUUID { try cell.text() }

    /// `uuid`
    public static var postgresType: PostgresType { .uuid }

    /// Appends sixteen bytes.
    public func encode(into bytes: inout [UInt8]) {
        bytes.append(bigEndian: high)
        bytes.append(bigEndian: low)
    }
}
