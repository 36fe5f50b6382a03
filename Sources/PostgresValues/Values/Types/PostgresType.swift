/// The data type of a column or parameter, by its object ID (`pg_type.oid`).
@frozen
public struct PostgresType: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
    /// The object ID.
    public let rawValue: UInt32

    /// Creates a type from its object ID, whatever it is.
    @inlinable
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Left to the server to infer.
    @inlinable public static var unspecified: PostgresType { PostgresType(rawValue: 0) }

    /// Whether the type is the server's own, with an object ID that is the same everywhere.
    ///
    /// What users and extensions define has other object IDs in every database.
    @inlinable public var isBuiltIn: Bool { rawValue > 0 && rawValue < 10_000 }
}

extension PostgresType {
    /// The type of arrays of this type; nil for arrays themselves, and for types that are not built in.
    public var arrayType: PostgresType? { BuiltInType.byType[self]?.array }

    /// The type of an array's elements; nil for what is no array, and for types that are not built in.
    ///
    /// `int2vector` and `oidvector` are arrays as well, of one dimension and with 0 as their lower bound.
    public var elementType: PostgresType? {
        switch self {
        case .int2vector: .int2
        case .oidvector: .oid
        default: BuiltInType.byArray[self]?.type
        }
    }

    /// The range type over values of this type; nil where there is none, or more than one.
    public var rangeType: PostgresType? { RangeTypes.all.first { $0.bound == self }?.range }

    /// The multirange type over values of this type; nil where there is none.
    public var multirangeType: PostgresType? { RangeTypes.all.first { $0.bound == self }?.multirange }

    /// The type of a range's or multirange's bounds; nil for what is neither, and for types that are not built in.
    public var boundType: PostgresType? { RangeTypes.all.first { $0.range == self || $0.multirange == self }?.bound }

    /// Whether the server can send values of the type in binary; arrays can be sent so where their elements can.
    ///
    /// Only false where it is certain: types that are not built in count as if they could.
    public var hasBinaryOutput: Bool {
        BuiltInType.byType[self]?.hasBinaryOutput ?? BuiltInType.byArray[self]?.hasBinaryOutput ?? true
    }

    /// Whether the type's text form is its binary form too.
    var isPlainText: Bool {
        switch self {
        case .text, .varchar, .bpchar, .name, .json, .unknown, .cstring, .refcursor: true
        default: false
        }
    }

    /// Whether the type's binary form is text, with a version before it or without.
    var isTextInBinary: Bool { isPlainText || self == .xml || self == .jsonb || self == .jsonpath }

    /// `oid` or one of the types that show the name of what an object ID stands for.
    @usableFromInline package var isObjectID: Bool {
        switch self {
        case .oid, .regproc, .regprocedure, .regoper, .regoperator, .regclass, .regtype, .regconfig, .regdictionary,
            .regnamespace, .regrole, .regcollation:
            true
        default: false
        }
    }

    /// `int2vector` or `oidvector`.
    var isVector: Bool { self == .int2vector || self == .oidvector }
}

extension PostgresType: CustomStringConvertible {
    /// The name of a built-in type as the server writes it in messages, else its OID, as in "OID 16400"; "an unnamed type"
    /// for what text within text leaves open.
    public var description: String {
        if self == .unspecified { return "an unnamed type" }
        if let type = BuiltInType.byType[self] { return type.name }
        if let type = BuiltInType.byArray[self] { return "\(type.name)[]" }
        return "OID \(rawValue)"
    }
}

/// A type with its range and its multirange.
private struct RangeTypes {
    let bound: PostgresType
    let range: PostgresType
    let multirange: PostgresType

    static let all: [RangeTypes] = [
        RangeTypes(bound: .int4, range: .int4range, multirange: .int4multirange),
        RangeTypes(bound: .int8, range: .int8range, multirange: .int8multirange),
        RangeTypes(bound: .numeric, range: .numrange, multirange: .nummultirange),
        RangeTypes(bound: .date, range: .daterange, multirange: .datemultirange),
        RangeTypes(bound: .timestamp, range: .tsrange, multirange: .tsmultirange),
        RangeTypes(bound: .timestamptz, range: .tstzrange, multirange: .tstzmultirange),
    ]
}
