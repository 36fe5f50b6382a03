public import PostgresWire

// An integer column decodes into every integer type that holds all values of the column's type, and into no other.

extension Int16: PostgresDecodable, PostgresEncodable {
    /// Decodes a `smallint`.
    @inlinable
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .int2 else { throw cell.typeMismatch(Int16.self) }
        self = try cell.integer()
    }

    /// `smallint`
    public static var postgresType: PostgresType { .int2 }

    /// Appends two bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: self) }
}

extension Int32: PostgresDecodable, PostgresEncodable {
    /// Decodes an `integer` or a `smallint`.
    @inlinable
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        switch cell.type {
        case .int4: self = try cell.integer()
        case .int2: self = Int32(try cell.integer(Int16.self))
        default: throw cell.typeMismatch(Int32.self)
        }
    }

    /// `integer`
    public static var postgresType: PostgresType { .int4 }

    /// Appends four bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: self) }
}

extension Int64: PostgresDecodable, PostgresEncodable {
    /// Decodes a `bigint`, an `integer` or a `smallint`.
    @inlinable
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        switch cell.type {
        case .int8: self = try cell.integer()
        case .int4: self = Int64(try cell.integer(Int32.self))
        case .int2: self = Int64(try cell.integer(Int16.self))
        default: throw cell.typeMismatch(Int64.self)
        }
    }

    /// `bigint`
    public static var postgresType: PostgresType { .int8 }

    /// Appends eight bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: self) }
}

extension Int: PostgresDecodable, PostgresEncodable {
    /// Decodes a `bigint`, an `integer` or a `smallint`.
    @inlinable
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        switch cell.type {
        case .int8: self = Int(try cell.integer(Int64.self))
        case .int4: self = Int(try cell.integer(Int32.self))
        case .int2: self = Int(try cell.integer(Int16.self))
        default: throw cell.typeMismatch(Int.self)
        }
    }

    /// `bigint`
    public static var postgresType: PostgresType { .int8 }

    /// Appends eight bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: Int64(self)) }
}

extension PostgresCell {
    /// Reads an integer of exactly this width in binary, or within its range in text.
    @inlinable
    func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ type: Integer.Type = Integer.self
    ) throws(PostgresError) -> Integer {
        guard columnType.format == .binary else { return try integerText() }
        guard bytes.byteCount == MemoryLayout<Integer>.size else { throw malformed(Integer.self) }
        return bytes.bigEndian(at: 0)
    }

    @usableFromInline
    func integerText<Integer: FixedWidthInteger>() throws(PostgresError) -> Integer {
        // Postgres writes a sign for negative numbers alone; Int would read a plus as well.
        guard bytes.byteCount > 0, bytes.byte(at: 0) != UInt8(ascii: "+"),
            let value = Integer(asciiText)
        else { throw malformed(Integer.self) }
        return value
    }

    /// The cell as text for the standard library's parsers of numbers.
    var asciiText: String { String(decoding: [UInt8](copying: bytes), as: UTF8.self) }
}
