/// What a JSON value is.
@frozen
public enum JSONKind: UInt8, Hashable, Sendable {
    /// `null`
    case null
    /// `true` or `false`
    case bool
    /// A number of any size and precision.
    case number
    /// Text.
    case string
    /// Values in an order.
    case array
    /// Values with names.
    case object
}

extension JSONKind: CustomStringConvertible {
    /// The kind's name.
    public var description: String {
        switch self {
        case .null: "null"
        case .bool: "bool"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
