import PostgresStreaming

extension ValueCase {
    /// A value of every family.
    static let all: [ValueCase] = [
        ValueCase("bool", "true", Bool.self),
        ValueCase("int2", "12345::int2", Int16.self),
        ValueCase("int4", "123456789::int4", Int32.self),
        ValueCase("int8", "1234567890123::int8", Int64.self),
        ValueCase("float4", "1.25::float4", Float.self),
        ValueCase("float8", "1.2345678901::float8", Double.self),
        ValueCase("text, 10 bytes", "repeat('x', 10)", String.self),
        ValueCase("text, 80 bytes", "repeat('x', 80)", String.self),
        ValueCase("bytea, 32 bytes", "sha256('x')", [UInt8].self),
        ValueCase("jsonb, 40 bytes", #"'{"n": 1234567, "ok": true, "name": "xyz"}'::jsonb"#, String.self),
        ValueCase("int4[], 10 elements", "ARRAY[1,2,3,4,5,6,7,8,9,10]::int4[]", [Int32].self),
        ValueCase("text[], 3 elements", "ARRAY['one','two','three']", [String].self),
    ]
}
