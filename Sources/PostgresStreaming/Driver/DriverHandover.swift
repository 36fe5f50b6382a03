import PostgresTransport
import PostgresWire

/// A driver on its way from one owner to the next.
///
/// The claim made by `@unchecked`: only a lease, or the pool between two leases, holds one; a lease gives out the driver to
/// one caller at a time, and every public object reaches the driver through its lease.
struct DriverHandover: @unchecked Sendable {
    let driver: ConnectionDriver

    init(_ driver: consuming sending ConnectionDriver) { self.driver = driver }

    /// Brings the connection back to where the next verb can begin; never fails, the driver remembers a failure.
    ///
    /// - Parameter limit: the limit of what is cleaned up after, if it had one.
    @concurrent
    func cleaned(_ work: CleanUp, after limit: Duration? = nil) async -> DriverHandover {
        await driver.cleanUp(work, after: limit)
        return self
    }
}
