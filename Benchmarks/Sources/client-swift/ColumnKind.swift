import PostgresStreaming

/// What is done with a column, and added to the sum.
enum ColumnKind {
    /// Decoded as an integer.
    case integer
    /// Decoded as a Double, of which the whole part counts.
    case float
    /// Taken as bytes, of which the length counts.
    case bytes
    /// Stepped over.
    case ignored

    init(_ letter: Character) throws(Refusal) {
        switch letter {
        case "i": self = .integer
        case "f": self = .float
        case "b": self = .bytes
        case "x": self = .ignored
        default: throw Refusal("there is no kind of column \(letter)")
        }
    }

    /// The length of the cells that are decoded, whose type fixes it.
    func width(of type: PostgresType) -> Int {
        switch self {
        case .bytes, .ignored: 0
        case .integer, .float: type == .int2 ? 2 : type == .int4 || type == .float4 ? 4 : 8
        }
    }
}
