import PostgresStreaming
import Testing

/// One public way to run something, with a check of what it returns: the sweeps run it with every fault, and the
/// cancellation tests cancel it at every suspension.
struct Verb: Sendable, CustomTestStringConvertible {
    /// What it is run on. The number is that of the row that it writes, if it writes one.
    enum Body: Sendable {
        /// On a connection that is open before anything goes wrong.
        case connection(@Sendable (PostgresConnection, Int64) async throws -> Void)
        /// On connections of its own.
        case configuration(@Sendable (PostgresConfiguration, Int64) async throws -> Void)
        /// On a pool of two connections that has none yet.
        case client(@Sendable (PostgresClient, Int64) async throws -> Void)
    }

    /// What it leaves in the database.
    enum Effect: Sendable {
        case none
        /// A row, by a statement that commits by itself.
        case statement
        /// A row, by a transaction.
        case transaction
    }

    /// A result that is not what the server was asked for.
    struct WrongResult: Error {
        let description: String
    }

    let name: String
    /// The functions that it calls, as docs/api names them.
    let covers: Set<String>
    let effect: Effect
    let body: Body

    init(_ name: String, _ covers: Set<String>, _ effect: Effect, _ body: Body) {
        self.name = name
        self.covers = covers
        self.effect = effect
        self.body = body
    }

    /// Leaves nothing in the database.
    init(_ name: String, _ covers: Set<String>, _ body: Body) { self.init(name, covers, .none, body) }

    var testDescription: String { name }

    /// All of them.
    static let all =
        rows + statements + sessions + transactions + pipelines + copies + configurations + pools + listening
        + documents + largeValues

    // MARK: what they ask for

    /// The rows of most verbs: two columns, `rowCount` rows.
    static let query: PostgresQuery = "SELECT n::int8, 'row ' || n AS text FROM generate_series(1, 5) AS n"
    private static let rowCount = 5

    /// The row that a verb writes.
    static func insertion(_ number: Int64) -> PostgresQuery { "INSERT INTO written VALUES (\(number))" }

    /// Expects what `query` returns: all rows, in order, with the right values.
    static func expect(_ rows: [(Int64, String)]) throws {
        let isRight =
            rows.count == rowCount
            && zip(1..., rows).allSatisfy { $0 == $1.0 && "row \($0)" == $1.1 }
        if !isRight { throw WrongResult(description: "\(rows)") }
    }

    /// Expects one value.
    static func expect<Value: Equatable>(_ value: Value, _ expected: Value) throws {
        if value != expected { throw WrongResult(description: "\(value) and not \(expected)") }
    }
}

/// A row of `Verb.query`, column by column.
struct NumberedText: RowDecodable {
    let n: Int64
    let text: String

    init(row: inout RowCursor) throws(PostgresError) {
        n = try row.next()
        text = try row.next()
    }
}

/// A row of `Verb.query`, by the names of the columns.
struct NamedText: Decodable {
    let n: Int64
    let text: String
}
