public import FoundationEssentials
public import PostgresStreaming

extension UUID: PostgresDecodable, PostgresEncodable {
    /// Decodes a `uuid`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .uuid else { throw cell.typeMismatch(UUID.self) }
        self.init(try PostgresUUID(cell: cell))
    }

    /// Creates the same value.
    public init(_ value: PostgresUUID) {
        func byte(_ half: UInt64, _ index: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: half >> (56 - 8 * index)) }
        let (high, low) = (value.high, value.low)
        self.init(
            uuid: (
                byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3), byte(high, 4), byte(high, 5),
                byte(high, 6), byte(high, 7), byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3), byte(low, 4),
                byte(low, 5), byte(low, 6), byte(low, 7)
            ))
    }

    /// `uuid`
    public static var postgresType: PostgresType { .uuid }

    /// Appends sixteen bytes.
    public func encode(into bytes: inout [UInt8]) {
        unsafe withUnsafeBytes(of: uuid) { unsafe bytes.append(contentsOf: $0) }
    }

    /// Appends the digits with hyphens.
    public func encodeText(into bytes: inout [UInt8]) { bytes.append(contentsOf: uuidString.utf8) }
}

extension PostgresUUID {
    /// Creates the same value.
    public init(_ value: UUID) {
        self = unsafe withUnsafeBytes(of: value.uuid) { bytes in
            unsafe PostgresUUID(
                high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
        }
    }
}
