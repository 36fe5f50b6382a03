import PostgresWire

/// A `macaddr`: the six bytes of a hardware address.
public struct PostgresMACAddress: Hashable, Comparable, Sendable {
    /// The address in the lower 48 bits, the first byte highest.
    public let bits: UInt64

    /// Creates an address; nil where a bit above the lower 48 is set.
    public init?(bits: UInt64) {
        guard bits >> 48 == 0 else { return nil }
        self.bits = bits
    }

    /// Orders byte by byte, as Postgres does.
    public static func < (left: PostgresMACAddress, right: PostgresMACAddress) -> Bool { left.bits < right.bits }
}

extension PostgresMACAddress: TextForm, PostgresTextConvertible {
    /// Reads six pairs of hexadecimal digits with colons between them.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// Six pairs of hexadecimal digits with colons between them, such as `08:00:2b:01:02:03`.
    public var description: String { text }

    init?(reading reader: inout TextReader) {
        guard let bits = reader.pairs(6) else { return nil }
        self.init(bits: bits)
    }

    func write(to text: inout [UInt8]) { text.append(pairs: bits, count: 6) }
}

extension PostgresMACAddress: PostgresDecodable {
    /// Decodes a `macaddr`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .macaddr else { throw cell.typeMismatch(PostgresMACAddress.self) }
        guard cell.format == .binary else {
            self = try cell.text()
            return
        }
        guard cell.bytes.byteCount == 6 else { throw cell.malformed(PostgresMACAddress.self) }
        bits =
            UInt64(cell.bytes.bigEndian(at: 0, as: UInt32.self)) << 16
            | UInt64(cell.bytes.bigEndian(at: 4, as: UInt16.self))
    }

    /// `macaddr`
    public static var postgresType: PostgresType { .macaddr }

    /// Appends six bytes.
    public func encode(into bytes: inout [UInt8]) {
        bytes.append(bigEndian: UInt32(truncatingIfNeeded: bits >> 16))
        bytes.append(bigEndian: UInt16(truncatingIfNeeded: bits))
    }
}

/// A `macaddr8`: the eight bytes of a hardware address.
public struct PostgresMACAddress8: Hashable, Comparable, Sendable {
    /// The address, the first byte highest.
    public let bits: UInt64

    /// Creates an address.
    public init(bits: UInt64) { self.bits = bits }

    /// Orders byte by byte, as Postgres does.
    public static func < (left: PostgresMACAddress8, right: PostgresMACAddress8) -> Bool { left.bits < right.bits }
}

extension PostgresMACAddress8: TextForm, PostgresTextConvertible {
    /// Reads eight pairs of hexadecimal digits with colons between them.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// Eight pairs of hexadecimal digits with colons between them, such as `08:00:2b:ff:fe:01:02:03`.
    public var description: String { text }

    init?(reading reader: inout TextReader) {
        guard let bits = reader.pairs(8) else { return nil }
        self.bits = bits
    }

    func write(to text: inout [UInt8]) { text.append(pairs: bits, count: 8) }
}

extension PostgresMACAddress8: PostgresDecodable {
    /// Decodes a `macaddr8`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .macaddr8 else { throw cell.typeMismatch(PostgresMACAddress8.self) }
        self = cell.format == .binary ? PostgresMACAddress8(bits: try cell.integer()) : try cell.text()
    }

    /// `macaddr8`
    public static var postgresType: PostgresType { .macaddr8 }

    /// Appends eight bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: bits) }
}

extension TextReader {
    /// Reads so many pairs of hexadecimal digits with colons between them.
    @_lifetime(self: copy self)
    fileprivate mutating func pairs(_ count: Int) -> UInt64? {
        var bits: UInt64 = 0
        for index in 0..<count {
            if index > 0 { guard skip(":") else { return nil } }
            guard let pair = hexadecimal(2...2) else { return nil }
            bits = bits << 8 | pair
        }
        return bits
    }
}

extension [UInt8] {
    fileprivate mutating func append(pairs bits: UInt64, count: Int) {
        for index in (0..<count).reversed() {
            let byte = UInt8(truncatingIfNeeded: bits >> UInt64(8 * index))
            append((byte >> 4).hexadecimalDigit)
            append((byte & 15).hexadecimalDigit)
            if index > 0 { append(UInt8(ascii: ":")) }
        }
    }
}
