import PostgresStreaming

extension ValueCase {
    /// A value of every family.
    static let all: [ValueCase] = numbers + textAndBytes + times + others

    private static let numbers = [
        ValueCase("bool", "true", Bool.self),
        ValueCase("int2", "12345::int2", Int16.self),
        ValueCase("int4", "123456789::int4", Int32.self),
        ValueCase("int8", "1234567890123::int8", Int64.self),
        ValueCase("oid", "4294967295::oid", UInt32.self),
        ValueCase("float4", "1.25::float4", Float.self),
        ValueCase("float8", "1.2345678901::float8", Double.self),
        ValueCase("numeric", "12345678.90::numeric", PostgresNumeric.self),
        ValueCase("money", "1234.56::money", PostgresMoney.self),
    ]

    private static let textAndBytes = [
        ValueCase("text of 10", "repeat('x', 10)", String.self),
        ValueCase("text of 80", "repeat('x', 80)", String.self),
        ValueCase("bytea of 32", "sha256('x')", [UInt8].self),
        ValueCase("jsonb of 40", #"'{"n": 1234567, "ok": true, "name": "xyz"}'::jsonb"#, String.self),
        ValueCase("uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid", PostgresUUID.self),
        ValueCase("bit varying of 20", "repeat('10', 10)::varbit", PostgresBitString.self),
    ]

    private static let times = [
        ValueCase("date", "'2024-02-29'::date", PostgresDate.self),
        ValueCase("time", "'12:34:56.789'::time", PostgresTime.self),
        ValueCase("timetz", "'12:34:56.789+05:45'::timetz", PostgresTimeTZ.self),
        ValueCase("timestamp", "'2024-02-29 12:34:56.789'::timestamp", PostgresTimestamp.self),
        ValueCase("timestamptz", "'2024-02-29 12:34:56.789+00'::timestamptz", PostgresTimestampTZ.self),
        ValueCase("interval", "'1 year 2 days 03:04:05.6'::interval", PostgresInterval.self),
    ]

    private static let others = [
        ValueCase("inet", "'192.168.0.1/24'::inet", PostgresInet.self),
        ValueCase("macaddr", "'08:00:2b:01:02:03'::macaddr", PostgresMACAddress.self),
        ValueCase("pg_lsn", "'16/B374D848'::pg_lsn", PostgresLSN.self),
        ValueCase("point", "'(1.5,2.5)'::point", PostgresPoint.self),
        ValueCase("box", "'(3,4),(1,2)'::box", PostgresBox.self),
        ValueCase("int4range", "'[1,10)'::int4range", PostgresRange<Int32>.self),
        ValueCase("int4[] of 10", "ARRAY[1,2,3,4,5,6,7,8,9,10]::int4[]", [Int32].self),
        ValueCase("text[] of 3", "ARRAY['one','two','three']", [String].self),
        ValueCase("tsvector of 3", "'a:1 fat:2 cat:3'::tsvector", PostgresTSVector.self),
    ]
}
