import PostgresWire

/// A `bit` or `bit varying`: any number of bits.
public struct PostgresBitString: Hashable, Sendable {
    /// The number of bits.
    public let count: Int
    /// The bits from the highest of the first byte on; those behind the last are 0.
    public let bytes: [UInt8]

    /// Creates a value from bytes, the first `count` bits of which count.
    public init?(bytes: [UInt8], count: Int) {
        guard count >= 0, count <= Self.countMax, bytes.count == Self.byteCount(count) else { return nil }
        self.count = count
        var bytes = bytes
        if count % 8 != 0 { bytes[bytes.count - 1] &= UInt8(truncatingIfNeeded: 0xFF00 >> (count % 8)) }
        self.bytes = bytes
    }

    /// Creates a value from single bits.
    public init(_ bits: some Collection<Bool>) {
        count = bits.count
        var bytes = [UInt8](repeating: 0, count: Self.byteCount(count))
        for (index, bit) in bits.enumerated() where bit { bytes[index / 8] |= 0x80 >> UInt8(index % 8) }
        self.bytes = bytes
    }

    /// Whether the bit at an index, counted from the left, is 1.
    public subscript(index: Int) -> Bool {
        precondition(index >= 0 && index < count, "a bit's index lies within its string")
        return bytes[index / 8] & 0x80 >> UInt8(index % 8) != 0
    }

    /// The most bits that a length of 32 bits allows in the server.
    private static let countMax = Int(Int32.max)

    private static func byteCount(_ count: Int) -> Int { count / 8 + (count % 8 == 0 ? 0 : 1) }
}

extension PostgresBitString: Comparable {
    /// Orders bit by bit, and a string before those that it begins, as Postgres does.
    public static func < (left: PostgresBitString, right: PostgresBitString) -> Bool {
        left.bytes == right.bytes ? left.count < right.count : left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension PostgresBitString: TextForm, PostgresTextConvertible {
    /// Reads the digits 0 and 1.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// The digits 0 and 1.
    public var description: String { text }

    init?(reading reader: inout TextReader) {
        self.init(reader.bytes { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: "1") }.map { $0 == UInt8(ascii: "1") })
    }

    func write(to text: inout [UInt8]) {
        for index in 0..<count { text.append(UInt8(ascii: self[index] ? "1" : "0")) }
    }
}

extension PostgresBitString: PostgresDecodable {
    /// Decodes a `bit` or a `bit varying`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .bit || cell.type == .varbit else { throw cell.typeMismatch(PostgresBitString.self) }
        guard cell.format == .binary else {
            self = try cell.text()
            return
        }
        var reader = BinaryReader(cell.bytes)
        guard let count = reader.integer(Int32.self), let bytes = reader.span(reader.count),
            let value = PostgresBitString(bytes: [UInt8](copying: bytes), count: Int(count))
        else { throw cell.malformed(PostgresBitString.self) }
        self = value
    }

    /// `bit varying`
    public static var postgresType: PostgresType { .varbit }

    /// Appends the number of bits and the bytes.
    public func encode(into bytes: inout [UInt8]) {
        bytes.append(bigEndian: Int32(count))
        bytes += self.bytes
    }

    /// Appends the bits as a `bit` or `bit varying`, or as text for types that are not built in.
    public func encode(
        into bytes: inout [UInt8], as type: PostgresType
    ) throws(PostgresError) -> PostgresCell.Format {
        try encode(into: &bytes, as: type, also: .bit)
    }
}
