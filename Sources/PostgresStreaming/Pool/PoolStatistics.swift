/// Where a pool stands; all figures are of one instant.
public struct PoolStatistics: Hashable, Sendable {
    /// The connections that wait for somebody to use them.
    public internal(set) var idle = 0
    /// The connections that are lent.
    public internal(set) var leased = 0
    /// The connections that come about.
    public internal(set) var connecting = 0
    /// The connections that were given back and are being cleaned up, checked or closed.
    public internal(set) var returning = 0
    /// The calls that wait for a connection.
    public internal(set) var waiting = 0
    /// The leases that were granted so far.
    public internal(set) var leases = 0
    /// The calls that got no connection: timed out, cancelled or turned away.
    public internal(set) var failures = 0
    /// The connections that came about so far.
    public internal(set) var opened = 0
    /// The connections that ended so far.
    public internal(set) var closed = 0
    /// What came of the last attempt to connect; nil where it succeeded or there was none.
    public internal(set) var lastConnectError: PostgresError.Code?
    /// The client's listeners that have not ended.
    public internal(set) var listeners = 0
    /// The connections of the listeners: one, or none. They are no part of the pool and count nowhere else here.
    public internal(set) var listenerConnections = 0

    /// The connections, whatever becomes of them; never more than `connectionsMax` unless that was lowered.
    public var total: Int { idle + leased + connecting + returning }
    /// The connections that a server has a session for.
    public var open: Int { idle + leased + returning }
}
