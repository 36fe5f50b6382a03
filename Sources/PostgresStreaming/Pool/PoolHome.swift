/// Where a lent connection belongs.
struct PoolHome: Sendable {
    let pool: ConnectionPool
    let connection: PooledConnection
    let since: ContinuousClock.Instant

    /// Takes the connection back; what is left to be done with it is done on its loop, and nobody waits for that.
    func takeBack(_ surrendered: SurrenderedDriver) {
        pool.takeBack(connection, surrendered, leasedFor: since.duration(to: .now))
    }
}
