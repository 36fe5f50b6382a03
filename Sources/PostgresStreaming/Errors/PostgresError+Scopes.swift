/// What becomes of a call whose scope is over: a transaction, a lease, a pool.
extension PostgresError {
    /// The error of a transaction, a savepoint or a stream whose scope is over.
    static var transactionEnded: PostgresError {
        PostgresError(
            .transactionEnded, "the transaction or savepoint has ended",
            hint: "Read a stream to its end inside of it, and end it by leaving its scope.")
    }

    /// The error of a connection whose lease is over.
    static var leaseEnded: PostgresError {
        PostgresError(
            .leaseEnded, "the connection was given back to its pool", hint: "Do not keep it beyond its closure.")
    }

    /// The connection was cut off, because the pool was closed and its lease did not end in time.
    static var poolClosedWhileLent: PostgresError {
        PostgresError(
            .poolClosed, "connection closed: the pool was closed, and the lease did not end within shutdownTimeout",
            isConnectionUsable: false)
    }
}
