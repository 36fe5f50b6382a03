import PostgresStreaming

/// A value that a member of a document can be compared with. It is bound, never spliced.
public protocol FraiseOperand: PostgresEncodable, Sendable {
    /// What the member is read as before it is compared.
    static var fraiseType: FraiseType { get }
}

/// What a member of a document is read as.
public struct FraiseType: Hashable, Sendable {
    /// The type's name in SQL.
    let sqlName: String

    /// Text, as it stands in the document.
    public static let text = FraiseType(sqlName: "text")
    /// A number of any size, exact.
    public static let number = FraiseType(sqlName: "numeric")
    /// True or false.
    public static let boolean = FraiseType(sqlName: "boolean")
    /// A UUID, however it is written.
    public static let uuid = FraiseType(sqlName: "uuid")
    /// A date and time with its offset.
    public static let timestamp = FraiseType(sqlName: "timestamptz")
    /// A date.
    public static let date = FraiseType(sqlName: "date")
}

extension String: FraiseOperand {
    /// Text.
    public static var fraiseType: FraiseType { .text }
}

extension Bool: FraiseOperand {
    /// True or false.
    public static var fraiseType: FraiseType { .boolean }
}

extension Int: FraiseOperand {
    /// A number.
    public static var fraiseType: FraiseType { .number }
}

extension Int16: FraiseOperand {
    /// A number.
    public static var fraiseType: FraiseType { .number }
}

extension Int32: FraiseOperand {
    /// A number.
    public static var fraiseType: FraiseType { .number }
}

extension Int64: FraiseOperand {
    /// A number.
    public static var fraiseType: FraiseType { .number }
}

extension Float: FraiseOperand {
    /// A number.
    public static var fraiseType: FraiseType { .number }
}

extension Double: FraiseOperand {
    /// A number.
    public static var fraiseType: FraiseType { .number }
}

extension PostgresNumeric: FraiseOperand {
    /// A number.
    public static var fraiseType: FraiseType { .number }
}

extension PostgresUUID: FraiseOperand {
    /// A UUID.
    public static var fraiseType: FraiseType { .uuid }
}

extension PostgresTimestampTZ: FraiseOperand {
    /// A date and time.
    public static var fraiseType: FraiseType { .timestamp }
}

extension PostgresDate: FraiseOperand {
    /// A date.
    public static var fraiseType: FraiseType { .date }
}

extension FraiseOperand {
    /// The value as a parameter for a field.
    func parameter(for field: FraiseField) -> PostgresQuery {
        // A column has a type of its own, which the server goes by.
        field.isColumn ? "\(self)" : "\(self)::\(unsafeSQL: Self.fraiseType.sqlName)"
    }
}

extension Array where Element: FraiseOperand {
    /// The values as one array parameter for a field.
    func parameter(for field: FraiseField) -> PostgresQuery {
        field.isColumn ? "\(self)" : typedParameter
    }

    /// The values as one array parameter of the type that members are read as.
    var typedParameter: PostgresQuery { "\(self)::\(unsafeSQL: Element.fraiseType.sqlName)[]" }
}
