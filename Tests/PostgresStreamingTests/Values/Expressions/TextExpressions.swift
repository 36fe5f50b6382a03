import PostgresStreaming

/// Text, bytes, bits, documents, and what is written with words.
enum TextExpressions {
    static let all: [TypeExpressions] = [
        TypeExpressions("text", String.self, texts), TypeExpressions("varchar", String.self, texts),
        TypeExpressions("bpchar", String.self, ["''", "'a'", "'a  '", "'é'"]),
        TypeExpressions("char(5)", String.self, ["''", "'a'", "'abcde'", "'ééééé'"]),
        TypeExpressions("name", String.self, ["''", "'pg_class'", "'\"quoted\"'", "repeat('x', 63)"]),
        TypeExpressions("bytea", [UInt8].self, bytes), TypeExpressions("uuid", PostgresUUID.self, uuids),
        TypeExpressions("\"char\"", PostgresChar.self, ["''", "'a'", "'~'", "' '", "'\\'"]),
        TypeExpressions("\"char\"", PostgresChar.self, servers: 16...18, ["'\\377'", "'\\200'", "'\\001'"]),
        TypeExpressions("json", String.self, documents + ["'{\"b\" : 1,  \"a\":2}'"]),
        TypeExpressions("jsonb", String.self, documents), TypeExpressions("jsonpath", String.self, paths),
        TypeExpressions(
            "xml", String.self, servers: 15...15, ["'<a/>'", "'<a b=\"c\">d &amp; é</a>'", "'text'", "''"]),
        TypeExpressions("varbit", PostgresBitString.self, bits),
        TypeExpressions("bit(1)", PostgresBitString.self, ["B'0'", "B'1'"]),
        TypeExpressions("bit(8)", PostgresBitString.self, ["B'00000000'", "B'10000001'", "B'11111111'"]),
        TypeExpressions("bit(13)", PostgresBitString.self, ["B'0000000000001'", "B'1111111111111'"]),
        TypeExpressions("tsvector", PostgresTSVector.self, vectors),
        TypeExpressions("tsquery", PostgresTSQuery.self, queries),
        TypeExpressions("refcursor", String.self, ["''", "'cursor'"]),
    ]

    private static let texts: [String] = [
        "''", "' '", "'a'", "'NULL'", "'null'", "'{}'", "'a,b'", "'\"'", "'\\'", "'it''s'", "E'tab\\tnew\\nline'",
        "'é'",
        "'日本語'", "'😀'", "'e\u{301}'", "U&'\\+10FFFF'", "repeat('x', 15)", "repeat('x', 16)", "repeat('é', 4000)",
        "'(1,2)'", "'infinity'",
    ]

    private static let bytes: [String] = [
        "''", "'\\x00'", "'\\xff'", "'\\x5c'", "'\\xdeadbeef'", "'\\x" + (0...255).map { hex($0) }.joined() + "'",
        "decode(repeat('00', 3000), 'hex')",
    ]

    private static func hex(_ byte: Int) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }

    private static let uuids = [
        "'00000000-0000-0000-0000-000000000000'", "'ffffffff-ffff-ffff-ffff-ffffffffffff'",
        "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "'A0EEBC999C0B4EF8BB6D6BB9BD380A11'",
        "'01234567-89ab-cdef-0123-456789abcdef'",
    ]

    private static let documents = [
        "'null'", "'true'", "'1'", "'1.10'", "'\"\"'", "'\"é😀\"'", "'[]'", "'{}'", "'[1, \"a\", null, {\"b\": [2]}]'",
        "'{\"a\": {\"b\": \"c\\\"d\"}}'",
    ]

    private static let paths = ["'$'", "'$.\"a\"[*]?(@ > 1)'", "'strict $.\"é\"'", "'$.\"a\".size()'"]

    private static let bits = [
        "B''", "B'0'", "B'1'", "B'10'", "B'1010101'", "B'10101010'", "B'101010101'", "repeat('1', 1000)::varbit",
        "repeat('0', 65)::varbit",
    ]

    private static let vectors = [
        "''", "'a'", "'a:1'", "'fat:2A cat:3B,4C rat:5D'", "'''it''''s'':1 ''back\\\\slash'':2'", "'é:16383'",
        "to_tsvector('english', 'The quick brown fox jumps over the lazy dog, the quick one')",
        "setweight(to_tsvector('simple', 'one two three two one'), 'B')", "strip(to_tsvector('simple', 'b a c'))",
        "'aaa bb c :7'",
    ]

    private static let queries = [
        "''", "'a'", "'a & b'", "'a | b'", "'!a'", "'a <-> b'", "'a <7> b'", "'a <0> b'", "'a & (b | c)'",
        "'(a & b) | c'",
        "'a & b & c'", "'a | b | c'", "'!(a & b)'", "'!!a'", "'a <-> (b <-> c)'", "'(a <-> b) <-> c'", "'a <-> !b'",
        "'!(a | b) <2> c'", "'a:*'", "'a:AB'", "'a:*ABCD & b:d'", "'''it''''s'' & ''x y'''", "'é | (b & !c:*)'",
        "to_tsquery('english', 'fat & (rat | cat)')", "'(a | b) & (c | d) & !(e <-> f)'", "'a & (b & c)'",
        "'a | (b | c)'",
    ]
}
