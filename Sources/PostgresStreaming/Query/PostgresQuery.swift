import PostgresWire

/// SQL with its parameters, written as a string literal in which `\( )` binds and never splices.
///
/// ```swift
/// let adults: PostgresQuery = "SELECT name FROM customer WHERE age >= \(18) AND region = \(region)"
/// ```
///
/// The server receives `… age >= $1 AND region = $2` and the two values apart from it, so no value can ever be read as
/// SQL. A `String` variable is no query: text made at run time needs the word `unsafeSQL`.
public struct PostgresQuery: Sendable, ExpressibleByStringInterpolation {
    private enum Segment: Sendable {
        case sql(String)
        case parameter
    }

    private var segments: [Segment] = []
    /// The parameters' values, encoded once while the query is written.
    private(set) var parameters = BoundParameters()
    /// Why the query cannot be sent: the first value that could not be encoded.
    private(set) var failure: PostgresError?

    /// Creates a query without parameters from a literal.
    public init(stringLiteral value: StaticString) {
        segments = [.sql("\(value)")]
    }

    /// Creates a query from a literal with interpolations.
    public init(stringInterpolation: StringInterpolation) {
        self = stringInterpolation.query
    }

    /// Creates a query from text made at run time. Whoever made the text answers for it.
    public init(unsafeSQL text: String) {
        segments = [.sql(text)]
    }

    /// The SQL as the server receives it, with `$1`, `$2` and so on where the parameters stand.
    public var sql: String {
        var text = ""
        var number = 0
        for segment in segments {
            switch segment {
            case .sql(let part): text += part
            case .parameter:
                number += 1
                text += "$\(number)"
            }
        }
        return text
    }

    /// The number of parameters.
    public var parameterCount: Int { parameters.count }

    private mutating func bind<Value: PostgresEncodable>(_ value: Value?) {
        segments.append(.parameter)
        do throws(PostgresError) {
            try parameters.append(value)
        } catch {
            failure = failure ?? error
        }
    }
}

extension PostgresQuery {
    /// Collects the literal parts and the values of a query.
    public struct StringInterpolation: StringInterpolationProtocol, Sendable {
        /// Only literals of the source text count as SQL.
        public typealias StringLiteralType = StaticString

        fileprivate var query = PostgresQuery(unsafeSQL: "")

        /// Called by the compiler.
        public init(literalCapacity: Int, interpolationCount: Int) {}

        /// Appends a part of the literal.
        public mutating func appendLiteral(_ literal: StaticString) {
            query.segments.append(.sql("\(literal)"))
        }

        /// Binds a value.
        public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value) {
            query.bind(value)
        }

        /// Binds a value or NULL.
        public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value?) {
            query.bind(value)
        }

        /// Inserts another query; its parameters are numbered anew.
        public mutating func appendInterpolation(_ other: PostgresQuery) {
            query.segments += other.segments
            query.parameters.append(contentsOf: other.parameters)
            query.failure = query.failure ?? other.failure
        }

        /// Inserts the name of a table, column or other object, quoted (manual: "Identifiers and Key Words").
        public mutating func appendInterpolation(identifier name: String) {
            let quoted = name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            query.segments.append(.sql("\"\(quoted)\""))
        }

        /// Splices text made at run time into the SQL. Whoever made the text answers for it.
        public mutating func appendInterpolation(unsafeSQL text: String) {
            query.segments.append(.sql(text))
        }
    }
}

extension PostgresQuery: CustomStringConvertible, CustomReflectable {
    /// The SQL without any value.
    public var description: String { sql }

    /// Shows the SQL only, so that `dump` prints no value.
    public var customMirror: Mirror { Mirror(self, children: ["sql": sql]) }
}
