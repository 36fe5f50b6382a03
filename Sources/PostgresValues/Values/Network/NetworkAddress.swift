import PostgresWire

/// What `inet` and `cidr` are made of.
struct NetworkAddress: Hashable, Sendable {
    /// The bits of the address from the highest; those of IPv4 stand in the first 32.
    private let high: UInt64
    private let low: UInt64
    let isIPv6: Bool
    let prefixLength: UInt8

    private init?(high: UInt64, low: UInt64, isIPv6: Bool, prefixLength: Int) {
        guard (0...(isIPv6 ? 128 : 32)).contains(prefixLength) else { return nil }
        self.high = high
        self.low = low
        self.isIPv6 = isIPv6
        self.prefixLength = UInt8(prefixLength)
    }

    init?(bytes: [UInt8], prefixLength: Int) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        let padded = bytes + [UInt8](repeating: 0, count: 16 - bytes.count)
        self.init(
            high: padded.rawSpan.bigEndian(at: 0), low: padded.rawSpan.bigEndian(at: 8), isIPv6: bytes.count == 16,
            prefixLength: prefixLength)
    }

    /// The number of bits of an address of this family.
    private var bits: Int { isIPv6 ? 128 : 32 }

    /// Whether all of the address belongs to the prefix.
    var isWhole: Bool { prefixLength == bits }

    /// Whether no bit behind the prefix is set.
    var isNetwork: Bool { masked.high == high && masked.low == low }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        appendAddress(to: &bytes)
        return bytes
    }

    private func appendAddress(to bytes: inout [UInt8]) {
        guard isIPv6 else { return bytes.append(bigEndian: UInt32(truncatingIfNeeded: high >> 32)) }
        bytes.append(bigEndian: high)
        bytes.append(bigEndian: low)
    }

    /// The bits of the prefix.
    private var masked: (high: UInt64, low: UInt64) {
        let length = Int(prefixLength)
        return (high & ~(UInt64.max >> min(length, 64)), low & ~(UInt64.max >> max(length - 64, 0)))
    }
}

extension NetworkAddress: Comparable {
    static func < (left: NetworkAddress, right: NetworkAddress) -> Bool {
        guard left.isIPv6 == right.isIPv6 else { return right.isIPv6 }
        // The bits that both networks have, then the shorter prefix, then the whole address.
        let length = Int(min(left.prefixLength, right.prefixLength))
        let highMask = ~(UInt64.max >> min(length, 64))
        let lowMask = ~(UInt64.max >> max(length - 64, 0))
        if left.high & highMask != right.high & highMask { return left.high & highMask < right.high & highMask }
        if left.low & lowMask != right.low & lowMask { return left.low & lowMask < right.low & lowMask }
        if left.prefixLength != right.prefixLength { return left.prefixLength < right.prefixLength }
        return left.high == right.high ? left.low < right.low : left.high < right.high
    }
}

extension NetworkAddress {
    /// The numbers that stand for the families on the wire (`PGSQL_AF_INET` in the server).
    private static let familyIPv4: UInt8 = 2
    private static let familyIPv6: UInt8 = 3

    /// Reads the family, the length of the prefix, whether it is a `cidr`, the number of bytes and the address
    /// (`network_send` in the server).
    init?(binary bytes: RawSpan, isNetwork: Bool) {
        var reader = BinaryReader(bytes)
        guard let family = reader.integer(UInt8.self), let prefixLength = reader.integer(UInt8.self),
            let flag = reader.integer(UInt8.self), let count = reader.integer(UInt8.self), flag == (isNetwork ? 1 : 0)
        else { return nil }
        let address: NetworkAddress?
        switch (family, count) {
        case (Self.familyIPv4, 4):
            guard let bits = reader.integer(UInt32.self) else { return nil }
            address = NetworkAddress(
                high: UInt64(bits) << 32, low: 0, isIPv6: false, prefixLength: Int(prefixLength))
        case (Self.familyIPv6, 16):
            guard let high = reader.integer(UInt64.self), let low = reader.integer(UInt64.self) else { return nil }
            address = NetworkAddress(high: high, low: low, isIPv6: true, prefixLength: Int(prefixLength))
        default: return nil
        }
        guard reader.isAtEnd, let address, !isNetwork || address.isNetwork else { return nil }
        self = address
    }

    func encode(into bytes: inout [UInt8], isNetwork: Bool) {
        bytes.append(isIPv6 ? Self.familyIPv6 : Self.familyIPv4)
        bytes.append(prefixLength)
        bytes.append(isNetwork ? 1 : 0)
        bytes.append(isIPv6 ? 16 : 4)
        appendAddress(to: &bytes)
    }
}
