/// A five-character SQLSTATE (manual: "PostgreSQL Error Codes").
///
/// Every state of PostgreSQL 15 to 18 has a constant that is called as its condition in the manual, such as
/// `uniqueViolation`; any other state can be made from its text.
public struct SQLState: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The five characters.
    public let rawValue: String

    /// Creates a state from its text, whatever it is.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Creates a state from a literal, as in `"23505"`.
    public init(stringLiteral value: StaticString) { rawValue = "\(value)" }

    /// The five characters.
    public var description: String { rawValue }

    /// The first two characters, which name the class.
    public var classCode: String { String(rawValue.prefix(2)) }

    /// The class, which says what kind of condition it is also where the state itself is not known.
    public var `class`: Class { Class(rawValue: classCode) }

    /// What the first two characters of a state say (manual: "PostgreSQL Error Codes"), such as
    /// `integrityConstraintViolation`. Any other class can be made from its text.
    public struct Class: RawRepresentable, Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
        /// The two characters.
        public let rawValue: String

        /// Creates a class from its text, whatever it is.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// Creates a class from a literal, as in `"23"`.
        public init(stringLiteral value: StaticString) { rawValue = "\(value)" }

        /// The two characters.
        public var description: String { rawValue }
    }

    /// After these nothing of the statement remains, and another attempt may succeed.
    static let retrySafe: Set<SQLState> = [
        serializationFailure, deadlockDetected, tooManyConnections, cannotConnectNow,
    ]
}
