public import PostgresWire

extension PostgresEncodable where Self: FixedWidthInteger & BitwiseCopyable {
    /// Appends the digits.
    public func encodeText(into bytes: inout [UInt8]) { bytes += description.utf8 }

    /// Appends the number as any type of numbers that holds it: integers, object IDs, `numeric`, floats.
    ///
    /// - Throws: `parameterInvalid` for another type, or where the type does not hold this number exactly.
    @inlinable
    public func encode(
        into bytes: inout [UInt8], as type: PostgresType
    ) throws(PostgresError) -> PostgresCell.Format {
        switch type {
        case .int8: bytes.append(bigEndian: try exactly(Int64.self, as: type))
        case .int4: bytes.append(bigEndian: try exactly(Int32.self, as: type))
        case .int2: bytes.append(bigEndian: try exactly(Int16.self, as: type))
        case .xid8: bytes.append(bigEndian: try exactly(UInt64.self, as: type))
        case .xid, .cid: bytes.append(bigEndian: try exactly(UInt32.self, as: type))
        case _ where type.isObjectID: bytes.append(bigEndian: try exactly(UInt32.self, as: type))
        case .float8:
            guard let value = Double(exactly: self) else { throw .outOfRange(Self.self, as: type) }
            bytes.append(bigEndian: value.bitPattern)
        case .float4:
            guard let value = Float(exactly: self) else { throw .outOfRange(Self.self, as: type) }
            bytes.append(bigEndian: value.bitPattern)
        case .unspecified: try encode(into: &bytes)
        case _ where type == .numeric || !type.isBuiltIn:
            try encodeText(into: &bytes)
            return .text
        default: throw .cannotEncode(Self.self, as: type)
        }
        return .binary
    }

    @inlinable
    func exactly<Integer: FixedWidthInteger>(
        _ integer: Integer.Type, as type: PostgresType
    ) throws(PostgresError) -> Integer {
        guard let value = Integer(exactly: self) else { throw .outOfRange(Self.self, as: type) }
        return value
    }
}
