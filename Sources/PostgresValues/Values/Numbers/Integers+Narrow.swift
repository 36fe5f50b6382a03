// Integers that no column type has for its own. They are sent as the narrowest column type that holds all their values,
// `UInt` as `bigint`; a column of that type or a narrower one decodes into them where the value at hand is one of theirs.

extension Int8: PostgresDecodable, PostgresEncodable {
    /// Decodes a `smallint` from −128 to 127.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .int2 else { throw cell.typeMismatch(Int8.self) }
        self = try cell.narrowInteger()
    }

    /// True: any type of integers may be meant.
    public static var infersPostgresType: Bool { true }

    /// `smallint`
    public static var postgresType: PostgresType { .int2 }

    /// Appends two bytes.
    public func encode(into bytes: inout [UInt8]) { Int16(self).encode(into: &bytes) }
}

extension UInt8: PostgresDecodable, PostgresEncodable {
    /// Decodes a `smallint` from 0 to 255. An array of these is a `bytea`, and `[UInt8?]` a `smallint[]`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .int2 else { throw cell.typeMismatch(UInt8.self) }
        self = try cell.narrowInteger()
    }

    /// `smallint`
    public static var postgresType: PostgresType { .int2 }

    /// Appends two bytes.
    public func encode(into bytes: inout [UInt8]) { Int16(self).encode(into: &bytes) }
}

extension UInt16: PostgresDecodable, PostgresEncodable {
    /// Decodes an `integer` or a `smallint` from 0 to 65,535.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        guard cell.type == .int4 || cell.type == .int2 else { throw cell.typeMismatch(UInt16.self) }
        self = try cell.narrowInteger()
    }

    /// True: any type of integers may be meant.
    public static var infersPostgresType: Bool { true }

    /// `integer`
    public static var postgresType: PostgresType { .int4 }

    /// Appends four bytes.
    public func encode(into bytes: inout [UInt8]) { Int32(self).encode(into: &bytes) }
}

extension UInt: PostgresDecodable, PostgresEncodable {
    /// Decodes a `bigint`, an `integer` or a `smallint` that is not negative, an `oid` or an `xid8`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        switch cell.type {
        case .oid: self = UInt(try cell.integer(UInt32.self))
        case .xid8: self = UInt(try cell.integer(UInt64.self))
        case .int8, .int4, .int2: self = try cell.narrowInteger()
        default: throw cell.typeMismatch(UInt.self)
        }
    }

    /// True: any type of integers may be meant.
    public static var infersPostgresType: Bool { true }

    /// `bigint`
    public static var postgresType: PostgresType { .int8 }

    /// Appends eight bytes.
    ///
    /// - Throws: `parameterInvalid` for a number beyond those of a `bigint`.
    public func encode(into bytes: inout [UInt8]) throws(PostgresError) {
        guard let value = Int64(exactly: self) else { throw .outOfRange(UInt.self, as: .int8) }
        value.encode(into: &bytes)
    }
}

extension PostgresCell {
    /// Reads an integer column's value into an integer that may not have it.
    ///
    /// - Throws: `typeMismatch` where it has not.
    @usableFromInline
    func narrowInteger<Integer: FixedWidthInteger>(
        _ integer: Integer.Type = Integer.self
    ) throws(PostgresError) -> Integer {
        guard let value = Integer(exactly: try Int64(cell: self)) else { throw missingValue(Integer.self) }
        return value
    }

    /// Returns the error for a value that is none of `Value`'s, in a column whose type may have some.
    @inline(never)
    func missingValue<Value>(_ value: Value.Type) -> PostgresError {
        PostgresError(
            .typeMismatch, "cannot decode \(type) into \(Value.self), which has no such value",
            hint: type.swiftName.map { "Decode into \($0)." })
    }
}
