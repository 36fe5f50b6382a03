import PostgresStreaming
import Testing

/// Expressions of one type of the server, and the Swift type that they become.
struct TypeExpressions: Sendable, CustomTestStringConvertible {
    /// The type as SQL writes it, with a modifier where one is needed.
    let type: String
    let expressions: [String]
    /// The oldest server that has all of these values, and the servers that have not the type at all.
    let servers: ClosedRange<Int>
    private let check: @Sendable (ExpressionCheck) async throws -> Void
    private let checkArrays: @Sendable (ExpressionCheck) async throws -> Void

    var testDescription: String { type }

    init<Value: PostgresDecodable & PostgresEncodable & Equatable & Sendable>(
        _ type: String, _ value: Value.Type, servers: ClosedRange<Int> = 15...18, _ expressions: [String]
    ) {
        self.type = type
        self.expressions = expressions
        self.servers = servers
        check = { check in try await check.run(Value.self) }
        checkArrays = { check in try await check.run(PostgresArray<Value?>.self) }
    }

    /// Checks every expression.
    func check(_ connection: PostgresConnection) async throws {
        try await check(ExpressionCheck(connection: connection, type: type, expressions: expressions))
        guard hasArrays else { return }
        try await checkArrays(ExpressionCheck(connection: connection, type: "\(arrayElement)[]", expressions: arrays))
    }

    /// How many values are checked.
    var count: Int { expressions.count + arrays.count }

    /// An array type takes no modifier that would cut its elements.
    private var arrayElement: String { type }

    private var hasArrays: Bool { !type.hasSuffix("vector") || type == "tsvector" }

    /// Arrays of the same values: empty, with NULL, of several dimensions, with indices that do not begin at 1.
    private var arrays: [String] {
        guard hasArrays, let first = expressions.first, let last = expressions.last else { return [] }
        let some = expressions.prefix(20).filter { $0.utf8.count < 200 }
        let list = "ARRAY[\(some.map { "\($0)::\(type)" }.joined(separator: ", "))]"
        let pair = "\(first)::\(type), \(last)::\(type)"
        let delimiter = type == "box" ? ";" : ","
        return [
            "'{}'", list, "ARRAY[NULL, \(pair), NULL]", "ARRAY[NULL]", "ARRAY[[\(pair)], [\(pair)]]",
            "ARRAY[[[\(pair)]], [[NULL, NULL]], [[\(pair)]]]", "('[-3:-2]=' || ARRAY[\(pair)]::\(type)[]::text)",
            "('[0:0][5:6]=' || ARRAY[[\(pair)]]::\(type)[]::text)", "'[7:8]={NULL\(delimiter)NULL}'",
        ]
    }
}
