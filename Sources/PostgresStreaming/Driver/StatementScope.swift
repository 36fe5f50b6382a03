/// What statements belong to where more than one of them belong together: a transaction.
protocol StatementScope: AnyObject {
    /// What goes before the next statement, in its flight.
    var pending: [String] { get }
    /// Whether the first of it was sent.
    var hasBegun: Bool { get }
    /// The time for all of its statements; nil where it has no limit.
    var time: TimeAllowed? { get }

    /// What was pending is on its way.
    func noteSent()
    /// A statement failed.
    func note(_ error: PostgresError)
    /// Whether the next statement is to ask for the transaction's number, if it writes.
    func wantsID(_ driver: ConnectionDriver) -> Bool
    /// Begins again after a first statement that had no effect; false where that is not so.
    func beginAgain(_ sent: [String]) -> Bool
}
