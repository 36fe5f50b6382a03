import PostgresWire

/// An `inet`: the address of a host with the length of its network's prefix, IPv4 or IPv6.
public struct PostgresInet: Hashable, Sendable {
    /// The address and prefix.
    let network: NetworkAddress

    /// Creates an address from 4 or 16 bytes; nil for another number, or a prefix longer than the address.
    ///
    /// Without a prefix the address stands for itself alone.
    public init?(bytes: [UInt8], prefixLength: Int? = nil) {
        guard let network = NetworkAddress(bytes: bytes, prefixLength: prefixLength ?? bytes.count * 8) else {
            return nil
        }
        self.network = network
    }

    init(_ network: NetworkAddress) { self.network = network }

    /// The 4 or 16 bytes of the address.
    public var bytes: [UInt8] { network.bytes }
    /// The number of bits that belong to the network.
    public var prefixLength: Int { Int(network.prefixLength) }
    /// Whether the address is one of IPv6.
    public var isIPv6: Bool { network.isIPv6 }
}

extension PostgresInet: Comparable {
    /// Orders as Postgres does: IPv4 first, then by the bits of the network, its length, and the address.
    public static func < (left: PostgresInet, right: PostgresInet) -> Bool { left.network < right.network }
}

extension PostgresInet: TextForm, PostgresTextConvertible {
    /// Reads an address with or without the length of a prefix, such as `10.0.0.1/8` or `::1`.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// The address, with the length of the prefix where that is not all of it.
    public var description: String { text }

    init?(reading reader: inout TextReader) {
        guard let network = NetworkAddress(reading: &reader, isPrefixRequired: false) else { return nil }
        self.network = network
    }

    func write(to text: inout [UInt8]) { network.write(to: &text, isPrefixShown: !network.isWhole) }
}

extension PostgresInet: PostgresDecodable {
    /// Decodes an `inet`, or a `cidr`, whose values it all holds.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .inet || cell.type == .cidr else { throw cell.typeMismatch(PostgresInet.self) }
        guard cell.format == .binary else {
            self = try cell.text()
            return
        }
        guard let network = NetworkAddress(binary: cell.bytes, isNetwork: cell.type == .cidr) else {
            throw cell.malformed(PostgresInet.self)
        }
        self.network = network
    }

    /// `inet`
    public static var postgresType: PostgresType { .inet }

    /// Appends the family, the length of the prefix and the address.
    public func encode(into bytes: inout [UInt8]) { network.encode(into: &bytes, isNetwork: false) }

    /// Appends the address as an `inet`, as a `cidr` where it is a network, or as text for types that are not built in.
    public func encode(
        into bytes: inout [UInt8], as type: PostgresType
    ) throws(PostgresError) -> PostgresCell.Format {
        guard type == .cidr else { return try encode(into: &bytes, as: type, also: .inet) }
        guard network.isNetwork else { throw .outOfRange(PostgresInet.self, as: type) }
        network.encode(into: &bytes, isNetwork: true)
        return .binary
    }
}

/// A `cidr`: a network, IPv4 or IPv6, whose address has no bit behind its prefix.
public struct PostgresCIDR: Hashable, Sendable {
    let network: NetworkAddress

    /// Creates a network from 4 or 16 bytes; nil where a bit behind the prefix is set.
    public init?(bytes: [UInt8], prefixLength: Int) {
        guard let network = NetworkAddress(bytes: bytes, prefixLength: prefixLength), network.isNetwork else {
            return nil
        }
        self.network = network
    }

    /// The 4 or 16 bytes of the address.
    public var bytes: [UInt8] { network.bytes }
    /// The number of bits that belong to the network.
    public var prefixLength: Int { Int(network.prefixLength) }
    /// Whether the network is one of IPv6.
    public var isIPv6: Bool { network.isIPv6 }
}

extension PostgresCIDR: Comparable {
    /// Orders as Postgres does: IPv4 first, then by the bits of the network and its length.
    public static func < (left: PostgresCIDR, right: PostgresCIDR) -> Bool { left.network < right.network }
}

extension PostgresCIDR: TextForm, PostgresTextConvertible {
    /// Reads an address with the length of its prefix, such as `10.0.0.0/8`.
    public init?(_ description: String) { self.init(wholeText: description) }

    /// The address with the length of its prefix.
    public var description: String { text }

    init?(reading reader: inout TextReader) {
        guard let network = NetworkAddress(reading: &reader, isPrefixRequired: true), network.isNetwork else {
            return nil
        }
        self.network = network
    }

    func write(to text: inout [UInt8]) { network.write(to: &text, isPrefixShown: true) }
}

extension PostgresCIDR: PostgresDecodable {
    /// Decodes a `cidr`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .cidr else { throw cell.typeMismatch(PostgresCIDR.self) }
        guard cell.format == .binary else {
            self = try cell.text()
            return
        }
        guard let network = NetworkAddress(binary: cell.bytes, isNetwork: true) else {
            throw cell.malformed(PostgresCIDR.self)
        }
        self.network = network
    }

    /// `cidr`
    public static var postgresType: PostgresType { .cidr }

    /// Appends the family, the length of the prefix and the address.
    public func encode(into bytes: inout [UInt8]) { network.encode(into: &bytes, isNetwork: true) }

    /// Appends the network as a `cidr` or an `inet`, or as text for types that are not built in.
    public func encode(
        into bytes: inout [UInt8], as type: PostgresType
    ) throws(PostgresError) -> PostgresCell.Format {
        guard type == .inet else { return try encode(into: &bytes, as: type, also: .cidr) }
        network.encode(into: &bytes, isNetwork: false)
        return .binary
    }
}
