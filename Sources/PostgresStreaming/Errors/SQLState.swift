/// A five-character SQLSTATE (manual: "PostgreSQL Error Codes").
///
/// The names below are those that programs most often compare with; any other state can be made from its text.
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

    /// 00000
    public static let successfulCompletion: SQLState = "00000"
    /// 0A000
    public static let featureNotSupported: SQLState = "0A000"
    /// 08P01
    public static let protocolViolation: SQLState = "08P01"
    /// 22P02
    public static let invalidTextRepresentation: SQLState = "22P02"
    /// 22012
    public static let divisionByZero: SQLState = "22012"
    /// 23502
    public static let notNullViolation: SQLState = "23502"
    /// 23503
    public static let foreignKeyViolation: SQLState = "23503"
    /// 23505
    public static let uniqueViolation: SQLState = "23505"
    /// 23514
    public static let checkViolation: SQLState = "23514"
    /// 25P02
    public static let inFailedSQLTransaction: SQLState = "25P02"
    /// 26000
    public static let invalidSQLStatementName: SQLState = "26000"
    /// 28000
    public static let invalidAuthorizationSpecification: SQLState = "28000"
    /// 28P01
    public static let invalidPassword: SQLState = "28P01"
    /// 3D000
    public static let invalidCatalogName: SQLState = "3D000"
    /// 40001
    public static let serializationFailure: SQLState = "40001"
    /// 40P01
    public static let deadlockDetected: SQLState = "40P01"
    /// 42501
    public static let insufficientPrivilege: SQLState = "42501"
    /// 42601
    public static let syntaxError: SQLState = "42601"
    /// 42703
    public static let undefinedColumn: SQLState = "42703"
    /// 42883
    public static let undefinedFunction: SQLState = "42883"
    /// 42P01
    public static let undefinedTable: SQLState = "42P01"
    /// 42P05
    public static let duplicatePreparedStatement: SQLState = "42P05"
    /// 53300
    public static let tooManyConnections: SQLState = "53300"
    /// 55P03
    public static let lockNotAvailable: SQLState = "55P03"
    /// 57014
    public static let queryCanceled: SQLState = "57014"
    /// 57P01
    public static let adminShutdown: SQLState = "57P01"
    /// 57P02
    public static let crashShutdown: SQLState = "57P02"
    /// 57P03
    public static let cannotConnectNow: SQLState = "57P03"

    /// After these nothing of the statement remains, and another attempt may succeed.
    static let retrySafe: Set<SQLState> = [
        serializationFailure, deadlockDetected, tooManyConnections, cannotConnectNow,
    ]
}
