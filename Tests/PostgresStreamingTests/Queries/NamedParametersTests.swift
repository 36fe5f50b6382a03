import PostgresStreaming
import PostgresTestSupport
import Testing

/// `:name` in SQL, found where the server's own lexer would see a colon and a name, and nowhere else.
@Suite(.timeLimit(.minutes(1))) struct NamedParametersTests {
    /// The SQL with every name that stands for a parameter in angle brackets.
    private func marked(_ sql: String) -> String {
        NamedParameters.pieces(of: sql).map { piece in
            switch piece {
            case .sql(let text): text
            case .name(let name): "<\(name)>"
            case .number: "<$>"
            }
        }.joined()
    }

    @Test(arguments: [
        ("SELECT :a", "SELECT <a>"), (":a", "<a>"), (":a:b", "<a><b>"), ("f(:a,:b_2)", "f(<a>,<b_2>)"),
        ("x=:größe+1", "x=<größe>+1"), ("x-:a", "x-<a>"), (":a::int4", "<a>::int4"), ("x::int4=:a", "x::int4=<a>"),
        ("f(a := 1, b :=:b)", "f(a := 1, b :=<b>)"), (":1", ":1"), (": a", ": a"), ("a:", "a:"), (":", ":"), ("", ""),
        ("::", "::"), (":::a", "::<a>"), (":a$1", "<a><$>$1"), ("SELECT $1", "SELECT <$>$1"), ("a$1", "a$1"),
    ])
    func `colons are parameters, casts and named notation`(sql: String, expected: String) {
        #expect(marked(sql) == expected)
    }

    @Test(arguments: [
        "':a'", "'it''s :a'", "'\\' || ':a'", #"E'\':a'"#, #"e'\\\':a'"#, "E'it''s :a'", "E'x'\n  '\\':a'",
        "E'x' -- c\n'\\':a'", #"U&'\:a'"#, "B':a'", "N':a'", #"":a""#, #""x"":a""#, #"U&":a""#, "-- :a", "-- '\r -- :a",
        "/* :a */", "/* /* */ :a */", "/* ' */ /* :a */", "$$ :a $$", "$x$ :a $$ :a $x$", "$größe$:a$größe$", "':a",
        "\":a",
        "/* :a", "/*/ :a */", "$$ :a", "$x$ :a $y$", "E'\\", "name$$ ':a'", "1e5::x", "a[1:b]", "a[b:c]", "a[f(x):c]",
        "a[b[1]:c]", "a['x':c]", "a[\"x\":c][1:d]",
    ])
    func `what looks like a name in other tokens is none`(sql: String) {
        #expect(marked(sql) == sql)
    }

    @Test(arguments: [
        ("'a' :b 'c'", "'a' <b> 'c'"), (#"'\' :b"#, #"'\' <b>"#), (#"E'\'' :b"#, #"E'\'' <b>"#),
        ("E'x' '\\' :b", "E'x' '\\' <b>"),
        ("-- x\n:b", "-- x\n<b>"), ("-- x\r:b", "-- x\r<b>"), ("/**/:b", "/**/<b>"),
        ("/* /* */ */ :b", "/* /* */ */ <b>"),
        ("$$ $$ :b", "$$ $$ <b>"), ("$a$ $$ $a$:b", "$a$ $$ $a$<b>"), ("x$a$ :b $a$", "x$a$ <b> $a$"),
        ("fee':x':b", "fee':x'<b>"),
        ("\"a\":b", "\"a\"<b>"), ("$ :b", "$ <b>"), ("$a :b", "$a <b>"), ("5 - -:b", "5 - -<b>"), ("a/:b", "a/<b>"),
    ])
    func `names behind other tokens are found`(sql: String, expected: String) {
        #expect(marked(sql) == expected)
    }

    @Test(arguments: [
        ("ARRAY[:a, :b]", "ARRAY[<a>, <b>]"), ("x[:a]", "x[<a>]"), ("x[1: :a]", "x[1: <a>]"), ("x[:a:b]", "x[<a>:b]"),
        ("x[:a: :b]", "x[<a>: <b>]"), ("x[1+:a]", "x[1+<a>]"), ("x[f(:a)]", "x[f(<a>)]"), ("x[(1):b]:c", "x[(1):b]<c>"),
        ("ARRAY[a AND :b]", "ARRAY[a AND <b>]"), ("x[1::int4]", "x[1::int4]"), ("x[:a::int4]", "x[<a>::int4]"),
        ("]:a", "]<a>"),
        ("ARRAY[CASE WHEN :a THEN :b ELSE :c END]", "ARRAY[CASE WHEN <a> THEN <b> ELSE <c> END]"),
    ])
    func `in brackets a colon behind a value is the slice's`(sql: String, expected: String) {
        #expect(marked(sql) == expected)
    }

    @Test(arguments: [UInt64.random(in: 0 ... .max)])
    func `any text is cut and comes back whole`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let parts = [
            "'", "\"", "$", "$a$", ":", ":a", "--", "/*", "*/", "\n", "\\", "E", "e'", "[", "]", "(", "1", "x", " ",
            "é",
        ]
        for _ in 0..<20_000 {
            let sql = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                parts.randomElement(using: &generator) ?? ""
            }
            .joined()
            let whole = NamedParameters.pieces(of: sql).map { piece in
                switch piece {
                case .sql(let text): text
                case .name(let name): ":\(name)"
                case .number: ""
                }
            }.joined()
            if whole != sql { Issue.record("\(sql) came back as \(whole); seed \(seed)") }
        }
    }

    // MARK: queries

    @Test func `a name is one parameter wherever it stands`() throws {
        let query = try PostgresQuery("SELECT :b, :a, :b WHERE x<:a", named: ["a": 1, "b": "two"])
        #expect(query.sql == "SELECT $1, $2, $1 WHERE x<$2")
        #expect(query.parameterCount == 2)
    }

    @Test func `names and arguments have to match`() {
        func message(_ sql: String, _ arguments: [String: (any PostgresEncodable)?]) -> String? {
            do throws(PostgresError) {
                _ = try PostgresQuery(unsafeSQL: sql, named: arguments)
                return nil
            } catch {
                #expect(error.code == .queryInvalid)
                return error.message
            }
        }
        #expect(message(":a", [:]) == "cannot send the query: there is no argument for the parameter :a")
        #expect(message("a", ["a": 1]) == #"cannot send the query: it has no parameter for the argument "a""#)
        #expect(message(":a $1", ["a": 1]) == "cannot send the query: it has parameters by name and by number")
        #expect(message(":a", ["a": nil]) == nil)
        #expect(message("':a'", [:]) == nil)
    }

    @Test(arguments: LiveServer.allCases)
    func `the server sees the same names`(_ live: LiveServer) async throws {
        let connection = try await live.connect()
        let query = try PostgresQuery(
            #"""
            SELECT (ARRAY[10, 20, 30, 40])[2:n], (ARRAY[:a, 0])[1], ':a', E'\':a', $x$:a$x$, :a::text, (ARRAY[1, 2])[n: :n],
                :nothing::int4 /* :a /* */ :a */ FROM (SELECT 3::int4) AS ":a" (n) -- :a
            """#, named: ["a": Int32(7), "n": Int32(2), "nothing": nil])
        let row = try #require(try await connection.query(query).first())
        #expect(row.columns.count == 8)
        #expect(try row[1, as: Int.self] == 7)
        #expect(try (2...4).map { try row[$0, as: String.self] } == [":a", "':a", ":a"])
        #expect(try row[5, as: String.self] == "7")
        #expect(try row[7, as: Int?.self] == nil)
    }
}
