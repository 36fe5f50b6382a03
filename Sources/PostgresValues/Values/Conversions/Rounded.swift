/// A number out of a column of any type of numbers, rounded to the nearest one that the Swift type has.
///
/// A column decodes by itself only into a type that holds all of its values: `avg` of integers, a `numeric`, does not
/// decode into a `Double`. This is how to ask for the nearest one:
///
/// ```swift
/// struct Sales: Decodable {
///     let name: String
///     @Rounded var average: Double?
/// }
/// let rows = try await connection.query("SELECT name, avg(price) AS average FROM article GROUP BY name")
/// for try await sales in rows.decode(Sales.self) { print(sales.name, sales.average ?? 0) }
/// ```
///
/// In a tuple it is a type, as in `rows.decode((String, Rounded<Double>).self)`; for one column of a row there is
/// `row["average", as: Double.self, .rounded]`. How halves are rounded says ``PostgresNumberConversion/rounded``. A number
/// beyond the range of the type is an error.
@propertyWrapper
public struct Rounded<Value: PostgresNumberConvertible> {
    /// The number.
    public var wrappedValue: Value

    /// Wraps a number.
    public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }

    /// The number.
    public var value: Value { wrappedValue }
}

extension Rounded: PostgresDecodable {
    /// Decodes a `smallint`, `integer`, `bigint`, `oid`, `real`, `double precision` or `numeric`.
    ///
    /// - Throws: `typeMismatch` also for a number beyond the range of `Value`.
    public init(cell: borrowing PostgresCell) throws(PostgresError) {
        wrappedValue = try cell.converted(.rounded)
    }

    /// Decodes NULL where `Value` is an optional.
    public static func decodeNull() throws(PostgresError) -> Rounded {
        Rounded(wrappedValue: try Value.decodeMissing())
    }
}

extension Rounded: Equatable where Value: Equatable {}
extension Rounded: Hashable where Value: Hashable {}
extension Rounded: Sendable where Value: Sendable {}

extension Rounded: Decodable where Value: Decodable {
    /// Decodes what `Value` decodes from; a column of a row is converted.
    public init(from decoder: any Decoder) throws { wrappedValue = try Value(from: decoder) }
}

extension Rounded: Encodable where Value: Encodable {
    /// Encodes the number.
    public func encode(to encoder: any Encoder) throws { try wrappedValue.encode(to: encoder) }
}
