/// How many connections a pool keeps, for how long, and what becomes of those who wait for one.
public struct PostgresPoolConfiguration: Sendable {
    /// As many connections are kept open even if nobody uses them; `PostgresClient.run()` sees to that. None by default.
    public var connectionsMin = 0
    /// The most connections, those counted that come about or are on their way out. 10 by default.
    public var connectionsMax = 10
    /// A connection that nobody used for longer is closed, down to `connectionsMin`. 10 minutes by default.
    public var idleTimeout = Duration.seconds(600)
    /// A connection that is older is closed when it comes back, or before it is lent again. One hour by default.
    public var lifetimeMax = Duration.seconds(3600)
    /// The part of `lifetimeMax` by which lifetimes differ at random, from 0 to 1, so that connections that came about
    /// together do not end together. 0.1 by default.
    public var lifetimeJitter = 0.1

    /// How long a call waits for a connection. 30 seconds by default.
    public var leaseTimeout = Duration.seconds(30)
    /// The most calls that wait; one more fails at once with `poolQueueFull`. 1,000 by default.
    public var waitersMax = 1_000
    /// Calls are turned away (`poolOverloaded`) while every call of the last `overloadInterval` waited longer than this;
    /// those that waited twice as long go first, so that the others are served in time. Nil, the default, turns nobody
    /// away before the time-out.
    public var overloadTarget: Duration?
    /// The time over which waiting is judged for `overloadTarget`. One second by default.
    public var overloadInterval = Duration.seconds(1)

    /// A connection that nobody used for longer is asked whether it is alive before it is lent. 30 seconds by default.
    /// One whose end has arrived here already is never lent, however short that was ago.
    public var checkIdleTime = Duration.seconds(30)
    /// How long that answer, or the reset between two leases, may take before the connection is closed. 2 seconds by
    /// default.
    public var checkTimeout = Duration.seconds(2)
    /// What is done with a session between two leases.
    public var reset = SessionReset.keepStatements
    /// A connection that is lent for longer is reported to the observer, with the label of the call. One minute by
    /// default; nil: none is.
    public var longLeaseThreshold: Duration? = .seconds(60)

    /// How long the pool waits after a failed attempt to connect before the next; doubled with each, up to `backoffMax`,
    /// and a random part of it. 100 milliseconds by default.
    public var backoffMin = Duration.milliseconds(100)
    /// The longest such pause. 2 seconds by default.
    public var backoffMax = Duration.seconds(2)
    /// The longest such pause while the last attempt was answered at once: the host refused the connection, or the server
    /// is starting or shutting down. Asking again costs little there, and calls are served soon after the server is
    /// ready. 200 milliseconds by default.
    public var answeredBackoffMax = Duration.milliseconds(200)
    /// How long the pool goes by what it found at a server, which one is the primary and which does not answer, before it
    /// finds out anew. 10 seconds by default.
    public var hostRecheckInterval = Duration.seconds(10)

    /// How long `close()` lets leases go on before it cuts them off. 30 seconds by default.
    public var shutdownTimeout = Duration.seconds(30)
    /// What is done to connections on their way.
    public var hooks = PostgresPoolHooks()

    /// The defaults.
    public init() {}

    /// The defaults with changes.
    public init(_ change: (inout PostgresPoolConfiguration) -> Void) {
        self.init()
        change(&self)
    }

    /// What is done with a session between two leases, so that nothing of the one shows in the next.
    ///
    /// Whatever is chosen, an open stream is ended and an open transaction rolled back. Behind a transaction pooler
    /// nothing is reset, because a session changes with every transaction there.
    public enum SessionReset: Hashable, Sendable {
        /// What `DISCARD ALL` does (manual: "DISCARD"), except that prepared statements stay: settings, role, temporary
        /// tables, advisory locks, cursors and listening are gone, and statements need not be prepared again. After a
        /// `PREPARE` in SQL it is `DISCARD ALL`. It is sent when the lease ends, without waiting for the answer, which is read
        /// when the connection is lent again.
        case keepStatements
        /// `DISCARD ALL`: statements are prepared anew in each lease.
        case discardAll
        /// Nothing: settings, temporary tables and locks reach the next lease.
        case nothing
    }
}

extension PostgresPoolConfiguration {
    /// Why a pool could not work with this; nil where it could.
    var misconfiguration: PostgresError? {
        let durations = [
            idleTimeout, lifetimeMax, leaseTimeout, overloadInterval, checkTimeout, backoffMin, backoffMax,
            answeredBackoffMax,
        ]
        let problem: String? =
            if connectionsMax < 1 {
                "connectionsMax is less than 1"
            } else if connectionsMin < 0 || connectionsMin > connectionsMax {
                "connectionsMin is not between 0 and connectionsMax"
            } else if waitersMax < 0 {
                "waitersMax is negative"
            } else if !(0...1).contains(lifetimeJitter) {
                "lifetimeJitter is not between 0 and 1"
            } else if durations.contains(where: { $0 <= .zero }) {
                "a time limit is not positive"
            } else {
                nil
            }
        return problem.map { PostgresError(.configurationInvalid, "cannot use this pool configuration: \($0)") }
    }
}
