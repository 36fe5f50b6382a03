extension JSONView {
    /// Reads an integer; one that is written with a fraction of zeros or an exponent counts too.
    @inlinable
    @inline(always)
    func integer<Value: FixedWidthInteger>(_ type: Value.Type) throws(JSONError) -> Value {
        let entry = entry
        // Eighteen digits fit an Int64, whatever they are.
        guard entry.meta & (TapeEntry.kindMask | TapeEntry.isInteger) == TapeEntry.kind(.number) | TapeEntry.isInteger,
            entry.byteCount <= 18, let value = Value(exactly: document.shortInteger(entry.start, entry.end))
        else { return try unusualInteger(type) }
        return value
    }

    @usableFromInline
    @inline(never)
    func unusualInteger<Value: FixedWidthInteger>(_ type: Value.Type) throws(JSONError) -> Value {
        guard entry.isKind(.number) else { throw mismatch("an integer") }
        let number = DecimalText(document, entry)
        if let value = number.integer(type) { return value }
        guard number.exponent >= 0 else {
            throw failure(.typeMismatch, "a number with a fraction where an integer is needed")
        }
        throw failure(.numberOutOfRange, "\(Value.self) cannot hold the number")
    }
}

extension RawSpan {
    /// The integer of at most eighteen digits that is written from one offset to another.
    @inlinable
    @inline(always)
    func shortInteger(_ start: Int, _ end: Int) -> Int64 {
        var position = start
        let isNegative = byte(start) == UInt8(ascii: "-")
        if isNegative { position &+= 1 }
        var value: Int64 = 0
        while position < end {
            value = value &* 10 &+ Int64(byte(position) &- UInt8(ascii: "0"))
            position &+= 1
        }
        return isNegative ? 0 &- value : value
    }
}

extension Int: JSONDecodable {
    /// Decodes a number that is an integer and fits.
    @inlinable
    @inline(always)
    public init(json: borrowing JSONView) throws(JSONError) { self = try json.integer(Self.self) }
}

extension Int8: JSONDecodable {
    /// Decodes a number that is an integer and fits.
    @inlinable
    @inline(always)
    public init(json: borrowing JSONView) throws(JSONError) { self = try json.integer(Self.self) }
}

extension Int16: JSONDecodable {
    /// Decodes a number that is an integer and fits.
    @inlinable
    @inline(always)
    public init(json: borrowing JSONView) throws(JSONError) { self = try json.integer(Self.self) }
}

extension Int32: JSONDecodable {
    /// Decodes a number that is an integer and fits.
    @inlinable
    @inline(always)
    public init(json: borrowing JSONView) throws(JSONError) { self = try json.integer(Self.self) }
}

extension Int64: JSONDecodable {
    /// Decodes a number that is an integer and fits.
    @inlinable
    @inline(always)
    public init(json: borrowing JSONView) throws(JSONError) { self = try json.integer(Self.self) }
}

extension Int128: JSONDecodable {
    /// Decodes a number that is an integer and fits.
    @inlinable
    @inline(always)
    public init(json: borrowing JSONView) throws(JSONError) { self = try json.integer(Self.self) }
}

extension UInt: JSONDecodable {
    /// Decodes a number that is an integer and fits.
    @inlinable
    @inline(always)
    public init(json: borrowing JSONView) throws(JSONError) { self = try json.integer(Self.self) }
}

extension UInt8: JSONDecodable {
    /// Decodes a number that is an integer and fits.
    @inlinable
    @inline(always)
    public init(json: borrowing JSONView) throws(JSONError) { self = try json.integer(Self.self) }
}

extension UInt16: JSONDecodable {
    /// Decodes a number that is an integer and fits.
    @inlinable
    @inline(always)
    public init(json: borrowing JSONView) throws(JSONError) { self = try json.integer(Self.self) }
}

extension UInt32: JSONDecodable {
    /// Decodes a number that is an integer and fits.
    @inlinable
    @inline(always)
    public init(json: borrowing JSONView) throws(JSONError) { self = try json.integer(Self.self) }
}

extension UInt64: JSONDecodable {
    /// Decodes a number that is an integer and fits.
    @inlinable
    @inline(always)
    public init(json: borrowing JSONView) throws(JSONError) { self = try json.integer(Self.self) }
}

extension UInt128: JSONDecodable {
    /// Decodes a number that is an integer and fits.
    @inlinable
    @inline(always)
    public init(json: borrowing JSONView) throws(JSONError) { self = try json.integer(Self.self) }
}
