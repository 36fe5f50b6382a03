/// What became of the calls that asked for a connection, from the decision until the call takes its answer.
///
/// An answer that grants a connection owns that connection: whoever withdraws a call has to look here first, in the same
/// critical section, or the connection is lost to the pool.
struct PoolAnswers {
    private var answers: [PoolWaiter.ID: PoolAnswer] = [:]

    mutating func append(_ answer: PoolAnswer, to id: PoolWaiter.ID) { answers[id] = answer }

    /// Returns a call's answer once, if there is one.
    mutating func take(_ id: PoolWaiter.ID) -> PoolAnswer? { answers.removeValue(forKey: id) }
}

/// What became of a call that asked for a connection.
package enum PoolAnswer: Sendable {
    /// The call has a connection, which is to be asked first whether it is alive.
    case granted(PoolStateMachine.ConnectionID, isToBeChecked: Bool)
    /// The call gets none.
    case refused(PostgresError)
}
