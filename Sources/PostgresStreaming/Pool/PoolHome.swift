import PostgresTransport

/// Where a lent connection belongs.
struct PoolHome: ConnectionWayBack {
    let pool: ConnectionPool
    let connection: PooledConnection
    let since: MonotonicTime
    /// The task that reads the stream for which the connection is lent; nil where it is lent for a closure.
    var task: TaskIdentity?

    /// The stream is being read by the running task, which may be another one than before.
    mutating func noteReading() {
        guard let task, let current = TaskIdentity.current, current != task else { return }
        self.task = current
        pool.handedOn(connection, to: current)
    }

    /// Takes the connection back; what is left to be done with it is done on its loop, and nobody waits for that.
    func takeBack(_ surrendered: SurrenderedDriver) {
        pool.takeBack(connection, surrendered, leasedFor: since.duration(to: .now))
    }
}
