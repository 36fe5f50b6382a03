/// A number out of a column of any type of numbers, where the Swift type has just this number; another is an error.
///
/// A column decodes by itself only into a type that holds all of its values: `count(*)`, a `bigint`, does not decode into
/// an `Int32`. This is how to ask for the value at hand:
///
/// ```swift
/// let row = try await connection.query("SELECT count(*), sum(id) FROM customer").only()
/// let (count, sum) = try row.decode((Exact<Int32>, Exact<Int?>).self)
/// print(count.value, sum.value ?? 0)
/// ```
///
/// In a `Decodable` type it is a property wrapper, `@Exact var count: Int32`; for one column of a row there is
/// `row["count", as: Int32.self, .exact]`.
@propertyWrapper
public struct Exact<Value: PostgresNumberConvertible> {
    /// The number.
    public var wrappedValue: Value

    /// Wraps a number.
    public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }

    /// The number.
    public var value: Value { wrappedValue }
}

extension Exact: PostgresDecodable {
    /// Decodes a `smallint`, `integer`, `bigint`, `oid`, `real`, `double precision` or `numeric`.
    ///
    /// - Throws: `typeMismatch` also for a number that `Value` does not have.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        wrappedValue = try cell.converted(.exact)
    }

    /// Decodes NULL where `Value` is an optional.
    public static func decodeNull() throws(PostgresError) -> Exact { Exact(wrappedValue: try Value.decodeMissing()) }
}

extension Exact: Equatable where Value: Equatable {}
extension Exact: Hashable where Value: Hashable {}
extension Exact: Sendable where Value: Sendable {}

extension Exact: Decodable where Value: Decodable {
    /// Decodes what `Value` decodes from; a column of a row is converted.
    public init(from decoder: any Decoder) throws { wrappedValue = try Value(from: decoder) }
}

extension Exact: Encodable where Value: Encodable {
    /// Encodes the number.
    public func encode(to encoder: any Encoder) throws { try wrappedValue.encode(to: encoder) }
}
