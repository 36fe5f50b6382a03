public import PostgresWire

// An integer column decodes into every signed integer type that holds all values of the column's type, and into no other;
// into an unsigned one by the value at hand, because no column type has just their values.

extension Int16: PostgresDecodable, PostgresEncodable {
    /// Decodes a `smallint`.
    @inlinable
    @inline(always)
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .int2 else { throw cell.typeMismatch(Int16.self) }
        self = try cell.integer()
    }

    /// True: any type of numbers may be meant.
    public static var infersPostgresType: Bool { true }

    /// `smallint`
    public static var postgresType: PostgresType { .int2 }

    /// Appends two bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: self) }
}

extension Int32: PostgresDecodable, PostgresEncodable {
    /// Decodes an `integer` or a `smallint`.
    @inlinable
    @inline(always)
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        switch cell.type {
        case .int4: self = try cell.integer()
        case .int2: self = Int32(try cell.integer(Int16.self))
        default: throw cell.typeMismatch(Int32.self)
        }
    }

    /// True: any type of numbers may be meant.
    public static var infersPostgresType: Bool { true }

    /// `integer`
    public static var postgresType: PostgresType { .int4 }

    /// Appends four bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: self) }
}

extension Int64: PostgresDecodable, PostgresEncodable {
    /// Decodes a `bigint`, an `integer`, a `smallint` or an `oid`.
    @inlinable
    @inline(always)
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        switch cell.type {
        case .int8: self = try cell.integer()
        case .int4: self = Int64(try cell.integer(Int32.self))
        case .int2: self = Int64(try cell.integer(Int16.self))
        case .oid: self = Int64(try cell.integer(UInt32.self))
        default: throw cell.typeMismatch(Int64.self)
        }
    }

    /// True: any type of numbers may be meant.
    public static var infersPostgresType: Bool { true }

    /// `bigint`
    public static var postgresType: PostgresType { .int8 }

    /// Appends eight bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: self) }
}

extension Int: PostgresDecodable, PostgresEncodable {
    /// Decodes a `bigint`, an `integer`, a `smallint` or an `oid`.
    @inlinable
    @inline(always)
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        switch cell.type {
        case .int8: self = Int(try cell.integer(Int64.self))
        case .int4: self = Int(try cell.integer(Int32.self))
        case .int2: self = Int(try cell.integer(Int16.self))
        case .oid: self = Int(try cell.integer(UInt32.self))
        default: throw cell.typeMismatch(Int.self)
        }
    }

    /// True: any type of numbers may be meant.
    public static var infersPostgresType: Bool { true }

    /// `bigint`
    public static var postgresType: PostgresType { .int8 }

    /// Appends eight bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: Int64(self)) }
}

extension UInt32: PostgresDecodable, PostgresEncodable {
    /// Decodes an `oid`, a `regclass` and its like, an `xid` or a `cid`; also a `bigint`, an `integer` or a `smallint` from
    /// 0 to 4,294,967,295.
    ///
    /// In the text format the server writes the name of what a `regclass` stands for; that is `valueMalformed`.
    @inlinable
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        switch cell.type {
        case .int8, .int4, .int2: self = try cell.narrowInteger()
        case .xid, .cid: self = try cell.integer()
        case _ where cell.type.isObjectID: self = try cell.integer()
        default: throw cell.typeMismatch(UInt32.self)
        }
    }

    /// True: any type of integers may be meant.
    public static var infersPostgresType: Bool { true }

    /// `oid`
    public static var postgresType: PostgresType { .oid }

    /// Appends four bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: self) }
}

extension UInt64: PostgresDecodable, PostgresEncodable {
    /// Decodes an `xid8`, an `oid`, an `xid` or a `cid`; also a `bigint`, an `integer` or a `smallint` that is not negative.
    @inlinable
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        switch cell.type {
        case .int8, .int4, .int2: self = try cell.narrowInteger()
        case .xid8: self = try cell.integer()
        case .oid, .xid, .cid: self = UInt64(try cell.integer(UInt32.self))
        default: throw cell.typeMismatch(UInt64.self)
        }
    }

    /// True: any type of integers may be meant.
    public static var infersPostgresType: Bool { true }

    /// `xid8`
    public static var postgresType: PostgresType { .xid8 }

    /// Appends eight bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.append(bigEndian: self) }
}

extension PostgresCell {
    /// Reads an integer of exactly this width in binary, or within its range in text.
    @inlinable
    @inline(always)
    func integer<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ type: Integer.Type = Integer.self
    ) throws(PostgresError) -> Integer {
        guard columnType.format == .binary else { return try integerText() }
        guard bytes.byteCount == MemoryLayout<Integer>.size else { throw malformed(Integer.self) }
        return bytes.bigEndian(at: 0)
    }

    /// Reads decimal digits behind a minus sign where there is one, as Postgres writes integers; nothing else.
    @usableFromInline
    func integerText<Integer: FixedWidthInteger>() throws(PostgresError) -> Integer {
        let isNegative = bytes.byteCount > 0 && bytes.byte(at: 0) == UInt8(ascii: "-")
        let first = isNegative ? 1 : 0
        guard first < bytes.byteCount else { throw malformed(Integer.self) }
        var value: Integer = 0
        for offset in first..<bytes.byteCount {
            let digit = bytes.byte(at: offset) &- UInt8(ascii: "0")
            guard digit < 10 else { throw malformed(Integer.self) }
            let (product, overflowed) = value.multipliedReportingOverflow(by: 10)
            // Negative numbers are built downwards, because their range is one longer.
            let (sum, exceeded) =
                isNegative
                ? product.subtractingReportingOverflow(Integer(digit))
                : product.addingReportingOverflow(Integer(digit))
            guard !overflowed, !exceeded else { throw malformed(Integer.self) }
            value = sum
        }
        return value
    }
}
