/// How a pool stood when a call had waited in vain.
struct PoolScene {
    let connectionsMax: Int
    /// The leases, and how long each has lasted.
    var holders: [(lease: PoolLease, time: Duration)] = []
    /// The attempts to connect that are under way, such as "db.example:5432 for 2 s".
    var underWay: [String] = []
    /// The connections that are being cleaned up, checked or closed.
    var returning = 0
    /// The other calls that wait.
    var waiting = 0
    /// What the last attempt to connect met; nil where it succeeded.
    var lastError: PostgresError?

    var description: String {
        var parts = ["\(holders.count) of \(connectionsMax) lent"]
        if let longest = holders.max(by: { $0.time < $1.time }) {
            let label = longest.lease.label.map { " by \"\($0)\"" } ?? ""
            parts[0] += ", the longest for \(longest.time.forReading)\(label)"
        }
        if !underWay.isEmpty {
            let named = underWay.sorted().prefix(Self.namedMax).joined(separator: ", ")
            let isAbridged = underWay.count > Self.namedMax
            parts.append("\(underWay.count) being opened (\(named)\(isAbridged ? ", …" : ""))")
        }
        if returning > 0 { parts.append("\(returning) being cleaned up") }
        if waiting > 0 { parts.append("\(waiting) other \(waiting == 1 ? "call waits" : "calls wait")") }
        return parts.joined(separator: ", ")
    }

    private static let namedMax = 3

    var hint: String {
        if let lastError { return "The last attempt to connect failed: \(lastError.message)." }
        if holders.count >= connectionsMax { return "Raise connectionsMax, or look for leases that are held too long." }
        if !underWay.isEmpty { return "The server takes long to answer; see connect_timeout and leaseTimeout." }
        return "The connections are being cleaned up after their last leases; the server takes long to answer."
    }
}
