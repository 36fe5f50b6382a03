import PostgresWire

/// SQL with its parameters, written as a string literal in which `\( )` binds and never splices.
///
/// ```swift
/// let adults: PostgresQuery = "SELECT name FROM customer WHERE age >= \(18) AND region = \(region)"
/// ```
///
/// The server receives `… age >= $1 AND region = $2` and the two values apart from it, so no value can ever be read as
/// SQL. A `String` variable is no query: text made at run time needs the word `unsafeSQL`. What else `\( )` can do is
/// in `StringInterpolation`; for arguments by name see `init(_:named:)`.
public struct PostgresQuery: Sendable, ExpressibleByStringInterpolation {
    /// The text and where the parameters stand in it.
    package private(set) var writing = QueryWriting()
    /// The parameters' values, encoded once while the query is written.
    package private(set) var parameters = BoundParameters()
    /// Why this cannot be sent, found while it was written, and the index of the parameter that it is about.
    private var refusal: (error: PostgresError, parameter: Int?)?
    /// The parameter whose value is sent in pieces; nil where all are known.
    package private(set) var streamedParameter: Int?

    /// Creates a query without parameters from a literal.
    public init(stringLiteral value: StaticString) {
        writing.append(literal: value)
    }

    /// A query that says nothing yet, and will have so many segments.
    init(segmentCount: Int) { writing.reserveCapacity(segmentCount) }

    /// Creates a query from a literal with interpolations.
    public init(stringInterpolation: StringInterpolation) {
        self = stringInterpolation.query
    }

    /// Creates a query from text made at run time. Whoever made the text answers for it.
    public init(unsafeSQL text: String) {
        writing.append(sql: text)
    }

    /// The SQL as the server receives it, with `$1`, `$2` and so on where the parameters stand.
    public var sql: String { writing.sql }

    /// Why this cannot be run as it is.
    package var failure: PostgresError? { failureOfWriting ?? (streamedParameter == nil ? nil : .valueNotGiven) }

    /// Why this cannot be sent, found while it was written.
    package var failureOfWriting: PostgresError? {
        refusal.map { error, parameter in
            parameter.map { PostgresError(error, message: "parameter $\($0 + 1): \(error.message)") } ?? error
        }
    }

    /// The number of parameters.
    public var parameterCount: Int { parameters.count }

    /// Appends another query, such as a further condition; its parameters are numbered anew.
    public mutating func append(_ other: PostgresQuery) {
        let first = parameters.count
        writing.append(other.writing, numberedFrom: first)
        parameters.append(contentsOf: other.parameters)
        refusal = refusal ?? other.refusal.map { ($0.error, $0.parameter.map { first + $0 }) }
        if let streamed = other.streamedParameter { note(streamedParameter: first + streamed) }
    }

    // MARK: for those who compose queries

    /// Appends text. The callers in this module pass literals, quoted identifiers, and what was named unsafe.
    mutating func append(sql text: String) { writing.append(sql: text) }

    /// Appends a part of a literal.
    mutating func append(literal: StaticString) { writing.append(literal: literal) }

    /// Appends a parameter and its value, as the type where one is given; returns its index. Why a value cannot be
    /// encoded is kept, and thrown when the query is run.
    @discardableResult
    mutating func append<Value: PostgresEncodable>(_ value: Value?, as type: PostgresType? = nil) -> Int {
        do throws(PostgresError) {
            if let type { try parameters.append(value, as: type) } else { try parameters.append(value) }
        } catch {
            refusal = refusal ?? (error, parameters.count)
            // The numbers of the other parameters stay right; nothing of it is sent.
            parameters.appendNull(type: PostgresType.unspecified.rawValue)
        }
        return appendLastParameter()
    }

    /// Appends a parameter that is NULL; returns its index.
    @discardableResult
    mutating func append(null type: PostgresType) -> Int {
        parameters.appendNull(type: type.rawValue)
        return appendLastParameter()
    }

    /// Appends a parameter whose value is sent in pieces.
    mutating func append(streamed type: PostgresType) {
        parameters.append(type: type.rawValue, format: type == .bytea ? .binary : .text) { _ in }
        note(streamedParameter: appendLastParameter())
    }

    private mutating func note(streamedParameter index: Int) {
        if streamedParameter != nil { fail("it has two parameters that are sent in pieces") }
        streamedParameter = index
    }

    /// Appends a parameter that stands in the query already.
    mutating func append(parameter index: Int) { writing.append(parameter: index) }

    /// Notes why the query cannot be sent; the first reason stays.
    mutating func fail(_ reason: String) {
        refusal = refusal ?? (PostgresError(.queryInvalid, "cannot send the query: \(reason)"), nil)
    }

    /// Has the reason why this cannot be sent name its parameter.
    mutating func nameRefusedParameter(_ name: String) {
        refusal = refusal.map { (PostgresError($0.error, message: "parameter \(name): \($0.error.message)"), nil) }
    }

    private mutating func appendLastParameter() -> Int {
        writing.append(parameter: parameters.count - 1)
        return parameters.count - 1
    }
}

extension PostgresError {
    fileprivate static var valueNotGiven: PostgresError {
        PostgresError(
            .queryInvalid, "cannot send the query: a parameter is sent in pieces, and none are given",
            hint: "Run it by query(_:sending:byteCount:) or execute(_:sending:byteCount:).")
    }
}

extension PostgresQuery: CustomStringConvertible, CustomReflectable {
    /// The SQL without any value.
    public var description: String { sql }

    /// Shows the SQL only, so that `dump` prints no value.
    public var customMirror: Mirror { Mirror(self, children: ["sql": sql]) }
}

extension UInt8 {
    /// Whether the byte may stand within an identifier or number (manual: "Identifiers and Key Words"): a letter, a
    /// digit, an underscore, a dollar sign, or a part of a character beyond ASCII.
    var isIdentifierPart: Bool { self >= 0x80 || isIn(0x03FF_0010_0000_0000, Self.letters) }

    /// Whether the byte may begin an identifier.
    var isIdentifierStart: Bool { self >= 0x80 || isIn(0, Self.letters) }

    /// Letters and the underscore, as bits from 64 on.
    private static let letters: UInt64 = 0x07FF_FFFE_87FF_FFFE

    /// Whether a byte below 128 is one of those whose bits are set. Long statements are gone through byte by byte.
    func isIn(_ low: UInt64, _ high: UInt64) -> Bool { (self < 64 ? low : high) &>> UInt64(self & 63) & 1 == 1 }

    /// Whether the byte is one of `0` to `9`.
    package var isASCIIDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }
}
