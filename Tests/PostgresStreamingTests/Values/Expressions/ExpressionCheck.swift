import PostgresStreaming
import Testing

/// Compares what comes of the values of some expressions, here and in the server.
struct ExpressionCheck {
    let connection: PostgresConnection
    let type: String
    let expressions: [String]

    /// What the server says about a value.
    private struct Answer {
        let text: String
        /// What a cast to text gives, which for some types is not what the server prints.
        let cast: String
        let sent: [UInt8]
    }

    /// Checks that binary and text decode to the same, that encoding gives the server's bytes and text, and that values
    /// sent come back.
    func run<Value: PostgresDecodable & PostgresEncodable & Equatable>(_ value: Value.Type) async throws {
        let send = try await connection.query(
            "SELECT typsend::text FROM pg_type WHERE oid = \(type)::regtype")
        let function = try #require(try await send.first()).decode(String.self)
        let list = expressions.map { "(\($0)::\(type))" }.joined(separator: ", ")
        let source = "FROM (SELECT row_number() OVER () AS n, x FROM (VALUES \(list)) AS v(x)) AS w ORDER BY n"
        let rows = try await connection.query(
            PostgresQuery(
                unsafeSQL: "SELECT x, x::text, \(function)(\(function == "textsend" ? "x::text" : "x")) \(source)")
        ).collect()
        let texts = try await connection.query(PostgresQuery(unsafeSQL: "SELECT x \(source)"), mode: .simple).collect()
        try #require(rows.count == expressions.count && texts.count == rows.count)
        let columnType = try #require(rows.first).columns[0].type
        var values: [Value] = []
        var answers: [Answer] = []
        for (index, row) in rows.enumerated() {
            let place = "\(expressions[index].prefix(80))::\(type) as \(Value.self)"
            let (value, cast, sent) = try row.decode((Value, String, [UInt8]).self)
            let text = String(decoding: try texts[index].decode(PostgresRawValue.self).bytes, as: UTF8.self)
            let fromText = try texts[index].decode(Value.self)
            #expect(fromText == value || Self.text(of: fromText) == Self.text(of: value), "text format: \(place)")
            compare(value, Answer(text: text, cast: cast, sent: sent), columnType, place)
            values.append(value)
            answers.append(Answer(text: text, cast: cast, sent: sent))
        }
        try await sendBack(values, answers)
        try await copyThrough(values, answers.map(\.cast))
    }

    private func compare<Value: PostgresEncodable>(
        _ value: Value, _ answer: Answer, _ columnType: PostgresType, _ place: String
    ) {
        do throws(PostgresError) {
            let (bytes, format) = try encode(value, as: columnType)
            let expected = format == .binary ? answer.sent : Array(answer.text.utf8)
            #expect(bytes == expected, "encoding \(format): \(place)")
            #expect(try text(value) == answer.text, "text form: \(place)")
        } catch {
            Issue.record("\(error): \(place)")
        }
    }

    private func text<Value: PostgresEncodable>(_ value: Value) throws(PostgresError) -> String {
        var bytes: [UInt8] = []
        try value.encodeText(into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    static func text<Value: PostgresEncodable>(of value: Value) -> String? {
        var bytes: [UInt8] = []
        guard (try? value.encodeText(into: &bytes)) != nil else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Sends all values as parameters and compares what comes back.
    private func sendBack<Value: PostgresDecodable & PostgresEncodable & Equatable>(
        _ values: [Value], _ answers: [Answer]
    ) async throws {
        // From the type that PostgresSnapshot is sent as the server has no cast but by way of text.
        let cast = type.hasPrefix("txid_snapshot") ? "::text::\(type)" : "::\(type)"
        var query = PostgresQuery.StringInterpolation(literalCapacity: 0, interpolationCount: 0)
        query.appendInterpolation(
            unsafeSQL: "SELECT x\(cast), x\(cast)::text, pg_typeof(x)::text FROM (VALUES ")
        for (index, value) in values.enumerated() {
            query.appendInterpolation(unsafeSQL: index == 0 ? "(1, " : ", (\(index + 1), ")
            query.appendInterpolation(value)
            query.appendInterpolation(unsafeSQL: ")")
        }
        query.appendInterpolation(unsafeSQL: ") AS v(n, x) ORDER BY n")
        let rows = try await connection.query(PostgresQuery(stringInterpolation: query)).collect()
        try #require(rows.count == values.count)
        for (index, row) in rows.enumerated() {
            let place = "\(expressions[index].prefix(80))::\(type) as \(Value.self)"
            let (back, text, type) = try row.decode((Value, String, String).self)
            #expect(
                back == values[index] || Self.text(of: back) == Self.text(of: values[index]), "back again: \(place)")
            #expect(text == answers[index].cast, "the server's text of what was sent: \(place)")
            if Value.postgresType != .unspecified {
                #expect(type == Value.postgresType.description, "the server's type of what was sent: \(place)")
            }
        }
    }
}
