import PostgresStreaming

/// Numbers from edge to edge.
enum NumberExpressions {
    static let all: [TypeExpressions] = [
        TypeExpressions("int2", Int16.self, integers(bits: 16)),
        TypeExpressions("int4", Int32.self, integers(bits: 32)),
        TypeExpressions("int8", Int64.self, integers(bits: 64)),
        TypeExpressions("int8", Int.self, ["'-9223372036854775808'", "'9223372036854775807'", "'0'"]),
        TypeExpressions("oid", UInt32.self, ["'0'", "'1'", "'2147483647'", "'2147483648'", "'4294967295'"]),
        TypeExpressions("xid8", UInt64.self, ["'0'", "'4294967296'", "'18446744073709551615'"]),
        TypeExpressions("float4", Float.self, floats + float4Edges),
        TypeExpressions("float8", Double.self, floats + float8Edges),
        TypeExpressions("numeric", PostgresNumeric.self, numerics),
        TypeExpressions("money", PostgresMoney.self, moneys),
        TypeExpressions("bool", Bool.self, ["true", "false"]),
    ]

    private static func integers(bits: Int) -> [String] {
        var values = ["'0'"]
        for bit in stride(from: 0, to: bits - 1, by: bits / 16) {
            let power = Int64(1) << Int64(bit)
            values += ["'\(power)'", "'\(-power)'", "'\(power - 1)'"]
        }
        let highest = Int64.max >> Int64(64 - bits)
        return values + ["'\(highest)'", "'\(-highest - 1)'", "'\(highest - 1)'", "'\(-highest)'"]
    }

    private static let floats: [String] = {
        var values = ["'0'", "'-0'", "'NaN'", "'Infinity'", "'-Infinity'"]
        for exponent in -20...20 { values += ["'1e\(exponent)'", "'-1.25e\(exponent)'"] }
        return values + [
            "'0.1'", "'0.3333333333333333'", "'123456.7'", "'1234567'", "'999999.9'", "'100000'", "'16777217'",
        ]
    }()

    private static let float4Edges = ["'3.4028235e38'", "'-3.4028235e38'", "'1.1754944e-38'", "'1e-45'"]
    private static let float8Edges = [
        "'1.7976931348623157e308'", "'-1.7976931348623157e308'", "'2.2250738585072014e-308'", "'5e-324'",
        "'9007199254740993'", "'0.1'::float8 + '0.2'::float8", "pi()", "'123456789012345'", "'1234567890123456'",
    ]

    private static let numerics: [String] = {
        var values = [
            "'0'", "'0.0'", "'0.00000'", "'-0.0'", "'NaN'", "'Infinity'", "'-Infinity'", "'1'", "'-1'", "'10000'",
            "'9999'", "'9999.9999'", "'10000.0001'", "'1.10'", "'1.1000000000000000000000'", "'0.0001'", "'0.00001'",
            "'-0.00000000000000000001'", "'123456789012345678901234567890.123456789'", "'1e1000'", "'1e-1000'",
            "'99999999999999999999999999999999999999'", "'1e131071'", "'1e-16383'",
            "repeat('9', 100000)::numeric",
            "('-' || repeat('1234567890', 10000) || '.' || repeat('7', 16383))::numeric",
            "('0.' || repeat('0', 16382) || '1')::numeric",
        ]
        for exponent in -12...12 {
            values += ["'1e\(exponent)'", "'-9.87654321e\(exponent)'", "'5000e\(exponent)'"]
        }
        return values
    }()

    private static let moneys = [
        "'0'", "'0.01'", "'-0.01'", "'1'", "'999.99'", "'1000'", "'-1234.56'", "'1234567.89'",
        "'92233720368547758.07'", "'-92233720368547758.08'",
    ]
}
