/// A type of numbers that a column of another type of numbers can be converted into, where the query or the row says how:
/// by ``Exact`` and ``Rounded``, or by ``PostgresNumberConversion``.
///
/// Swift's integers, `Float`, `Double`, ``PostgresNumeric``, `Decimal` with PostgresFoundation, and optionals of these.
public protocol PostgresNumberConvertible: SendableMetatype {
    /// Creates the same number; nil where the type does not have it.
    init?(exactly value: PostgresNumeric)

    /// Creates the nearest number that the type has; nil where it lies beyond the type's range.
    init?(rounding value: PostgresNumeric)

    /// What NULL becomes; nil where it becomes nothing. You need not write it.
    static var valueOfNull: Self? { get }
}

extension PostgresNumberConvertible {
    /// NULL becomes nothing.
    public static var valueOfNull: Self? { nil }
}

extension Optional: PostgresNumberConvertible where Wrapped: PostgresNumberConvertible {
    /// Creates the same number; nil where the wrapped type does not have it.
    public init?(exactly value: PostgresNumeric) {
        guard let number = Wrapped(exactly: value) else { return nil }
        self = .some(number)
    }

    /// Creates the nearest number that the wrapped type has; nil where it lies beyond the type's range.
    public init?(rounding value: PostgresNumeric) {
        guard let number = Wrapped(rounding: value) else { return nil }
        self = .some(number)
    }

    /// An optional that is nil.
    public static var valueOfNull: Wrapped?? { .some(nil) }
}

/// How a number is taken that the Swift type may not have.
public enum PostgresNumberConversion: Hashable, Sendable {
    /// The same number, or an error.
    case exact
    /// The nearest number that the type has, or an error where the number lies beyond its range. Halves are rounded away
    /// from zero into integers and ``PostgresNumeric``, and to the even one of two floats, as everywhere in Swift.
    case rounded
}

extension FixedWidthInteger {
    /// Creates the nearest integer, halves away from zero; nil where it is out of range, or the number not finite.
    public init?(rounding value: PostgresNumeric) { self.init(exactly: value.roundedToInteger) }
}

extension Int8: PostgresNumberConvertible {}
extension Int16: PostgresNumberConvertible {}
extension Int32: PostgresNumberConvertible {}
extension Int64: PostgresNumberConvertible {}
extension Int128: PostgresNumberConvertible {}
extension Int: PostgresNumberConvertible {}
extension UInt8: PostgresNumberConvertible {}
extension UInt16: PostgresNumberConvertible {}
extension UInt32: PostgresNumberConvertible {}
extension UInt64: PostgresNumberConvertible {}
extension UInt128: PostgresNumberConvertible {}
extension UInt: PostgresNumberConvertible {}

extension Double: PostgresNumberConvertible {
    /// Creates the same number; nil where a `Double` does not have it, such as 0.1.
    public init?(exactly value: PostgresNumeric) {
        let number = Double(value)
        guard PostgresNumeric(exactly: number) == value else { return nil }
        self = number
    }

    /// Creates the nearest number; nil for one that is finite and rounds to an infinity.
    public init?(rounding value: PostgresNumeric) {
        self.init(value)
        guard isInfinite == (value == .infinity || value == .negativeInfinity) else { return nil }
    }
}

extension Float: PostgresNumberConvertible {
    /// Creates the same number; nil where a `Float` does not have it, such as 0.1.
    public init?(exactly value: PostgresNumeric) {
        guard let number = Float(rounding: value), PostgresNumeric(exactly: Double(number)) == value else { return nil }
        self = number
    }

    /// Creates the nearest number; nil for one that is finite and rounds to an infinity.
    public init?(rounding value: PostgresNumeric) {
        // Not by way of a Double, which would round twice.
        guard value.isFinite else {
            self = Float(Double(value))
            return
        }
        guard let number = Float(value.description), number.isFinite else { return nil }
        self = number
    }
}

extension PostgresNumeric: PostgresNumberConvertible {
    /// The number itself.
    public init?(exactly value: PostgresNumeric) { self = value }

    /// The number itself.
    public init?(rounding value: PostgresNumeric) { self = value }
}
