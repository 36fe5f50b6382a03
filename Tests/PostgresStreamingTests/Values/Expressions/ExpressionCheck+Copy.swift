import PostgresStreaming
import Testing

extension ExpressionCheck {
    /// Copies values into a table and out again, in every format, and compares what comes back.
    ///
    /// - Parameter texts: what the server's cast to text gives for each value.
    func copyThrough<Value: PostgresDecodable & PostgresEncodable & Equatable>(
        _ values: [Value], _ texts: [String]
    ) async throws {
        // Refused in binary, with a hint: texts within an array of what is no text, and queries for texts.
        let isTexts = Value.self == PostgresArray<String?>.self && ["jsonb[]", "jsonpath[]", "xml[]"].contains(type)
        let hasBinary = !isTexts && !type.hasPrefix("tsquery")
        try await connection.execute("DROP TABLE IF EXISTS copied")
        try await connection.execute("CREATE TEMPORARY TABLE copied (n int, x \(unsafeSQL: type))")
        for format in [PostgresCopyFormat.binary, .text, .csv] where hasBinary || !format.isBinary {
            let rows = values.enumerated().lazy.map { (index, value) in (index, value) }
            try await connection.copyIn(into: .table("copied"), as: format, from: rows)
            let copied = try await connection.query("SELECT x::text FROM copied ORDER BY n").decode(String.self)
                .collect()
            #expect(copied == texts, "what was copied in as \(format.isBinary): \(type) as \(Value.self)")
            let source = PostgresCopySource.query("SELECT x FROM copied ORDER BY n")
            let back = try await connection.copyRows(from: source).decode(Value.self).collect()
            for (index, (value, back)) in zip(values, back).enumerated() where value != back {
                #expect(
                    Self.text(of: value) == Self.text(of: back), "copied out: \(expressions[index].prefix(80))::\(type)"
                )
            }
            #expect(back.count == values.count)
            try await connection.execute("TRUNCATE copied")
        }
        try await connection.execute("DROP TABLE copied")
    }
}
