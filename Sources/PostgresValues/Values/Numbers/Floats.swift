public import PostgresWire

extension Float: PostgresDecodable, PostgresEncodable {
    /// Decodes a `real`.
    @inlinable
    @inline(always)
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .float4 else { throw cell.typeMismatch(Float.self) }
        self = try cell.float4()
    }

    /// True: any type of numbers may be meant.
    public static var infersPostgresType: Bool { true }

    /// `real`
    public static var postgresType: PostgresType { .float4 }

    /// Appends four bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: bitPattern) }
}

extension Double: PostgresDecodable, PostgresEncodable {
    /// Decodes a `double precision`, or a `real`, whose values it all holds.
    @inlinable
    @inline(always)
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        switch cell.type {
        case .float8: self = try cell.float8()
        case .float4: self = Double(try cell.float4())
        default: throw cell.typeMismatch(Double.self)
        }
    }

    /// True: any type of numbers may be meant.
    public static var infersPostgresType: Bool { true }

    /// `double precision`
    public static var postgresType: PostgresType { .float8 }

    /// Appends eight bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: bitPattern) }
}

extension PostgresCell {
    @inlinable
    @inline(always)
    func float4() throws(PostgresError) -> Float {
        guard columnType.format == .binary else { return try floatText() }
        guard bytes.byteCount == 4 else { throw malformed(Float.self) }
        return Float(bitPattern: bytes.bigEndian(at: 0))
    }

    @inlinable
    @inline(always)
    func float8() throws(PostgresError) -> Double {
        guard columnType.format == .binary else { return try floatText() }
        guard bytes.byteCount == 8 else { throw malformed(Double.self) }
        return Double(bitPattern: bytes.bigEndian(at: 0))
    }

    /// Reads what Postgres prints: digits, or `NaN`, `Infinity` and `-Infinity`.
    @usableFromInline
    func floatText<Value: BinaryFloatingPoint & LosslessStringConvertible>() throws(PostgresError) -> Value {
        let text = String(decoding: [UInt8](copying: bytes), as: UTF8.self)
        switch text {
        case "NaN": return .nan
        case "Infinity": return .infinity
        case "-Infinity": return -.infinity
        default:
            // The standard library would read hexadecimal and other names of infinity too. It rounds to the nearest value.
            guard text.utf8.allSatisfy("0123456789.eE+-".utf8.contains), let value = Value(text), value.isFinite else {
                throw malformed(Value.self)
            }
            return value
        }
    }
}

extension PostgresEncodable where Self: BinaryFloatingPoint & CustomStringConvertible {
    /// Appends the shortest digits that name this number and no other.
    public func encodeText(into bytes: inout [UInt8]) { bytes.append(float: self) }

    /// Appends the number as `double precision`, as `real` or an integer where that holds it exactly, or as `numeric`.
    ///
    /// - Throws: `parameterInvalid` for another type, or where the type does not hold this number exactly.
    public func encode(
        into bytes: inout [UInt8], as type: PostgresType
    ) throws(PostgresError) -> PostgresCell.Format {
        switch type {
        case .float8: Double(self).encode(into: &bytes)
        case .float4:
            let value = Float(self)
            guard isNaN || Self(value) == self else { throw .outOfRange(Self.self, as: type) }
            value.encode(into: &bytes)
        case .int2, .int4, .int8:
            guard let value = Int64(exactly: self) else { throw .outOfRange(Self.self, as: type) }
            return try value.encode(into: &bytes, as: type)
        case .unspecified: try encode(into: &bytes)
        case _ where type == .numeric || !type.isBuiltIn:
            try encodeText(into: &bytes)
            return .text
        default: throw .cannotEncode(Self.self, as: type)
        }
        return .binary
    }
}
