import PostgresTransport

/// What a pool's state machine wants done.
package enum PoolDecision: Sendable {
    /// A connection is to be made.
    case connect(PoolStateMachine.ConnectionID)
    /// A call gets a connection, which is to be asked first whether it is alive.
    case grant(PoolWaiter.ID, PoolStateMachine.ConnectionID, isToBeChecked: Bool)
    /// A call gets none.
    case refuse(PoolWaiter.ID, PostgresError)
    /// An idle connection is to be asked whether it is alive.
    case check(PoolStateMachine.ConnectionID)
    /// A connection is to be closed.
    case close(PoolStateMachine.ConnectionID, PostgresPoolHooks.CloseReason)
    /// Connecting is tried again then.
    case retry(at: MonotonicTime)
    /// A call that seems to wait for itself is to be looked at again then.
    case lookAgain(PoolWaiter.ID, at: MonotonicTime)
    /// A connection is lent for very long.
    case report(PoolStateMachine.ConnectionID, PoolLease, Duration)
    /// The pool was closed and its last connection has ended.
    case finish
}

/// A call that wants a connection.
package struct PoolWaiter: Sendable {
    /// The ticket's number.
    package typealias ID = Int

    /// The ticket: who comes first is served first.
    package let id: ID
    /// When the call was made.
    package let asked: MonotonicTime
    /// What the call is called.
    package var label: String?
    /// The task that calls.
    package var task: TaskIdentity?
    /// The event loop that the call runs on, which connections of that loop suit best; nil for a call that runs elsewhere.
    package var loop: Int?
    /// Whether the first attempt to connect that fails is enough.
    package var isImpatient = false
    /// Whether the lease ends with one stream, which may be handed on to another task.
    package var isForStream: Bool

    /// Creates a call.
    package init(
        id: ID, asked: MonotonicTime, label: String? = nil, task: TaskIdentity? = nil,
        isForStream: Bool = false
    ) {
        self.id = id
        self.asked = asked
        self.label = label
        self.task = task
        self.isForStream = isForStream
    }
}

/// A connection that is lent.
package struct PoolLease: Sendable {
    /// Since when.
    package let since: MonotonicTime
    /// What the call is called.
    package let label: String?
    /// The task that uses it, as far as that is known.
    package internal(set) var task: TaskIdentity?
    /// Whether it ends with one stream.
    let isForStream: Bool
    var isReported = false
}
