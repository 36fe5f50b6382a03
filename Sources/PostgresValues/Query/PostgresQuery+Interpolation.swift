extension PostgresQuery {
    /// Collects the literal parts and the values of a query.
    ///
    /// | written | sent |
    /// |---|---|
    /// | `\(value)` | a parameter; nil is NULL |
    /// | `\(value, as: .jsonb)` | a parameter that is declared as a value of that type |
    /// | `\(json: value)` | a parameter that is a JSON document, of any `Encodable` value |
    /// | `\(null: .int4)` | a parameter that is NULL, of that type |
    /// | `\(streamed: .bytea)` | a parameter whose value is sent in pieces: `execute(_:sending:byteCount:)` |
    /// | `\(list: values)` | a parameter for each: `$1, $2, $3`, for IN lists of a few values |
    /// | `\(identifier: "Schema", "Table")` | `"Schema"."Table"` |
    /// | `\(query)`, `\(fragment: "…")` | another query, its parameters numbered anew |
    /// | `\(if: condition, " AND …")` | the fragment, or nothing |
    /// | `\(unsafeSQL: text)` | the text itself: the only way to splice |
    ///
    /// Lists of any length are better one array: `id = ANY(\(ids))`, `id <> ALL(\(ids))`.
    public struct StringInterpolation: StringInterpolationProtocol, Sendable {
        /// Only literals of the source text count as SQL.
        public typealias StringLiteralType = StaticString

        private(set) var query: PostgresQuery

        /// Called by the compiler.
        public init(literalCapacity: Int, interpolationCount: Int) {
            query = PostgresQuery(segmentCount: 2 * interpolationCount + 1)
        }

        /// Appends a part of the literal.
        public mutating func appendLiteral(_ literal: StaticString) { query.append(literal: literal) }

        /// Binds a value.
        public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value) {
            query.append(value as Value?)
        }

        /// Binds a value or NULL.
        public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value?) { query.append(value) }

        /// What cannot be bound. It exists for the compiler's message alone, which has none where nothing fits.
        @available(*, unavailable, message: "make it PostgresEncodable; with a raw value it needs nothing more")
        @_disfavoredOverload
        public mutating func appendInterpolation<Value>(_ value: Value) {}

        /// Binds a value or NULL, declared and written as a value of the type: `\(text, as: .jsonb)`, `\(1, as: .int2)`.
        ///
        /// Running the query throws `parameterInvalid` where the value is none of that type.
        public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value?, as type: PostgresType) {
            query.append(value, as: type)
        }

        /// Binds NULL, declared as a value of the type.
        public mutating func appendInterpolation(null type: PostgresType) { query.append(null: type) }

        /// Binds a value that is sent in pieces, of a type that is sent as text or is `bytea`; one of them for a query.
        public mutating func appendInterpolation(streamed type: PostgresType) { query.append(streamed: type) }

        /// Binds the values one by one, with commas between them. A list without values cannot be sent, because SQL has
        /// no empty lists.
        public mutating func appendInterpolation<Value: PostgresEncodable>(list values: some Sequence<Value>) {
            var isFirst = true
            for value in values {
                if !isFirst { query.append(sql: ", ") }
                query.append(value as Value?)
                isFirst = false
            }
            if isFirst { query.fail("a list of values is empty; compare with = ANY(array), which may be") }
        }

        /// Inserts another query; its parameters are numbered anew.
        public mutating func appendInterpolation(_ other: PostgresQuery) { query.append(other) }

        /// Inserts a fragment; its parameters are numbered anew. Unlike `\("…")`, which binds a String, this takes a
        /// literal for SQL.
        public mutating func appendInterpolation(fragment other: PostgresQuery) { query.append(other) }

        /// Inserts a fragment where the condition holds, else nothing.
        public mutating func appendInterpolation(if condition: Bool, _ fragment: @autoclosure () -> PostgresQuery) {
            if condition { query.append(fragment()) }
        }

        /// Inserts the name of a table, column or other object, quoted, behind the names of what it lies in where there
        /// are several: `\(identifier: schema, table)`.
        public mutating func appendInterpolation(identifier name: String, _ furtherNames: String...) {
            query.append(sql: PostgresIdentifier([name] + furtherNames).sql)
        }

        /// Inserts a name, quoted.
        public mutating func appendInterpolation(_ identifier: PostgresIdentifier) {
            query.append(sql: identifier.sql)
        }

        /// Splices text made at run time into the SQL. Whoever made the text answers for it.
        public mutating func appendInterpolation(unsafeSQL text: String) { query.append(sql: text) }
    }
}
