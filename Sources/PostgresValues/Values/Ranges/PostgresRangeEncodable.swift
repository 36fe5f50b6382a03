/// A type of Swift's own that is sent as a range: `Range`, `ClosedRange`, `PartialRangeFrom`, `PartialRangeThrough` and
/// `PartialRangeUpTo`.
///
/// `\(1..<5)` is what `\(PostgresRange(1..<5))` is. A range that comes from the server may lack bounds or be empty, and
/// decodes into ``PostgresRange``.
public protocol PostgresRangeEncodable: PostgresEncodable {
    /// The type of the bounds.
    associatedtype Bound: PostgresEncodable

    /// The same values as a range of Postgres.
    var postgresRange: PostgresRange<Bound> { get }
}

extension PostgresRangeEncodable {
    /// The bounds'.
    public static var infersPostgresType: Bool { Bound.infersPostgresType }

    /// The range's; see ``PostgresRange``.
    public static var postgresType: PostgresType { PostgresRange<Bound>.postgresType }

    /// The range's.
    public static var postgresFormat: PostgresCell.Format { PostgresRange<Bound>.postgresFormat }

    /// Appends the range.
    public func encode(into bytes: inout [UInt8]) throws(PostgresError) { try postgresRange.encode(into: &bytes) }

    /// Appends the range's text form.
    public func encodeText(into bytes: inout [UInt8]) throws(PostgresError) {
        try postgresRange.encodeText(into: &bytes)
    }

    /// Appends the range over bounds of the type that the server's range has.
    public func encode(
        into bytes: inout [UInt8], as type: PostgresType
    ) throws(PostgresError) -> PostgresCell.Format {
        try postgresRange.encode(into: &bytes, as: type)
    }
}

extension Range: PostgresRangeEncodable, PostgresEncodable, PostgresEncodableElement where Bound: PostgresEncodable {
    /// The same values; empty where the range is.
    public var postgresRange: PostgresRange<Bound> { PostgresRange(self) }
}

extension ClosedRange: PostgresRangeEncodable, PostgresEncodable, PostgresEncodableElement
where Bound: PostgresEncodable {
    /// The same values.
    public var postgresRange: PostgresRange<Bound> { PostgresRange(self) }
}

extension PartialRangeFrom: PostgresRangeEncodable, PostgresEncodable, PostgresEncodableElement
where Bound: PostgresEncodable {
    /// The same values: those from the bound on.
    public var postgresRange: PostgresRange<Bound> {
        PostgresRange(lower: .inclusive(lowerBound), upper: .unbounded)
    }
}

extension PartialRangeThrough: PostgresRangeEncodable, PostgresEncodable, PostgresEncodableElement
where Bound: PostgresEncodable {
    /// The same values: those up to the bound and itself.
    public var postgresRange: PostgresRange<Bound> {
        PostgresRange(lower: .unbounded, upper: .inclusive(upperBound))
    }
}

extension PartialRangeUpTo: PostgresRangeEncodable, PostgresEncodable, PostgresEncodableElement
where Bound: PostgresEncodable {
    /// The same values: those below the bound.
    public var postgresRange: PostgresRange<Bound> {
        PostgresRange(lower: .unbounded, upper: .exclusive(upperBound))
    }
}
