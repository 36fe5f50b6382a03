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
    /// `boolean`
    @inlinable public static var bool: PostgresType { PostgresType(rawValue: 16) }
    /// `bytea`
    @inlinable public static var bytea: PostgresType { PostgresType(rawValue: 17) }
    /// `"char"`, one byte
    @inlinable public static var char: PostgresType { PostgresType(rawValue: 18) }
    /// `name`
    @inlinable public static var name: PostgresType { PostgresType(rawValue: 19) }
    /// `bigint`
    @inlinable public static var int8: PostgresType { PostgresType(rawValue: 20) }
    /// `smallint`
    @inlinable public static var int2: PostgresType { PostgresType(rawValue: 21) }
    /// `integer`
    @inlinable public static var int4: PostgresType { PostgresType(rawValue: 23) }
    /// `text`
    @inlinable public static var text: PostgresType { PostgresType(rawValue: 25) }
    /// `json`
    @inlinable public static var json: PostgresType { PostgresType(rawValue: 114) }
    /// `real`
    @inlinable public static var float4: PostgresType { PostgresType(rawValue: 700) }
    /// `double precision`
    @inlinable public static var float8: PostgresType { PostgresType(rawValue: 701) }
    /// The type of literals that nobody has given one.
    @inlinable public static var unknown: PostgresType { PostgresType(rawValue: 705) }
    /// `character(n)`
    @inlinable public static var bpchar: PostgresType { PostgresType(rawValue: 1042) }
    /// `character varying`
    @inlinable public static var varchar: PostgresType { PostgresType(rawValue: 1043) }
    /// `void`, what functions without a result return
    @inlinable public static var void: PostgresType { PostgresType(rawValue: 2278) }
    /// `jsonb`
    @inlinable public static var jsonb: PostgresType { PostgresType(rawValue: 3802) }
}

extension PostgresType: CustomStringConvertible {
    /// The name for the types that have one here, else the object ID.
    public var description: String { Self.names[self] ?? "type with object ID \(rawValue)" }

    private static let names: [PostgresType: String] = [
        .bool: "boolean", .bytea: "bytea", .char: "\"char\"", .name: "name", .int8: "bigint", .int2: "smallint",
        .int4: "integer", .text: "text", .json: "json", .float4: "real", .float8: "double precision",
        .unknown: "unknown", .bpchar: "character", .varchar: "character varying", .void: "void", .jsonb: "jsonb",
    ]
}
