import PostgresTransport

/// Calls that wait for each other: every connection is lent to a task that itself waits for one.
///
/// The call that closes such a circle is refused, because no slot could come free by itself. A connection that was lent
/// for one stream may be in other hands than those of the task that asked for it: a stream can be handed on. So where the
/// circle rests on streams it has to last for a while, in which their new owners begin to read and are known by that.
extension PoolStateMachine {
    /// How long a circle that rests on streams has to last.
    package static let circleTimeMin = Duration.milliseconds(100)

    private enum Circle { case none, ofStreams, ofClosures }

    mutating func lookForCircle(closedBy waiter: PoolWaiter, _ now: Instant) {
        guard waiter.task != nil else { return }
        switch circle {
        case .none: break
        case .ofStreams: decisions.append(.lookAgain(waiter.id, at: now + Self.circleTimeMin))
        case .ofClosures: refuseNested(waiter.id)
        }
    }

    /// A circle that rests on streams has lasted long enough, if it is still there.
    package mutating func lookAgain(at waiter: PoolWaiter.ID, now: Instant) -> [PoolDecision] {
        if queue.contains(waiter), circle != .none { refuseNested(waiter) }
        return settled(now)
    }

    /// The stream for which a connection is lent is read by this task from now on.
    package mutating func handedOn(_ id: ConnectionID, to task: TaskIdentity?) {
        guard case .leased(var lease)? = members[id]?.phase, lease.isForStream else { return }
        lease.task = task
        members[id]?.phase = .leased(lease)
    }

    private mutating func refuseNested(_ id: PoolWaiter.ID) {
        queue.remove(id)
        refuse(id, .leaseNested)
    }

    private var circle: Circle {
        guard members.count >= configuration.connectionsMax else { return .none }
        let waiting = queue.tasks
        var circle = Circle.ofClosures
        for member in members.values {
            guard case .leased(let lease) = member.phase, let task = lease.task, waiting.contains(task) else {
                return .none
            }
            if lease.isForStream { circle = .ofStreams }
        }
        return circle
    }
}
