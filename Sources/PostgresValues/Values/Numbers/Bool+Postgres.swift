public import PostgresWire

extension Bool: PostgresDecodable, PostgresEncodable {
    /// Decodes a `boolean`.
    @inlinable
    @inline(always)
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .bool else { throw cell.typeMismatch(Bool.self) }
        guard cell.bytes.byteCount == 1 else { throw cell.malformed(Bool.self) }
        switch (cell.format, cell.bytes.byte(at: 0)) {
        case (.binary, 0), (.text, UInt8(ascii: "f")): self = false
        case (.binary, 1), (.text, UInt8(ascii: "t")): self = true
        default: throw cell.malformed(Bool.self)
        }
    }

    /// `boolean`
    public static var postgresType: PostgresType { .bool }

    /// Appends one byte.
    public func encode(into bytes: inout [UInt8]) { bytes.append(self ? 1 : 0) }

    /// Appends `t` or `f`.
    public func encodeText(into bytes: inout [UInt8]) { bytes.append(UInt8(ascii: self ? "t" : "f")) }
}
