/// The number of a transaction that writes, by which its outcome can be asked for later.
public struct PostgresTransactionID: Hashable, Sendable, CustomStringConvertible {
    /// The number, 64 bits wide (manual: `pg_current_xact_id`).
    public let number: UInt64
    /// The server's timeline when it was asked for, eight hexadecimal digits. It changes when a standby is promoted.
    public let timeline: String
    /// What changes when the server recovers from a crash: when it last reset its statistics, in microseconds since 1970.
    public let recoveryMark: String

    /// The number in decimal.
    public var description: String { "\(number)" }

    /// Creates the number of a transaction that was noted somewhere.
    public init(number: UInt64, timeline: String, recoveryMark: String) {
        self.number = number
        self.timeline = timeline
        self.recoveryMark = recoveryMark
    }
}
