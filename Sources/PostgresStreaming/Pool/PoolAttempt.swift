import PostgresTransport

/// An attempt of a pool to connect that is under way.
struct PoolAttempt: Sendable {
    let task: Task<Void, Never>
    let progress: ConnectProgress

    /// Where it stands, such as "db.example:5432 for 2 s".
    var description: String {
        guard let (endpoint, since) = progress.current else { return "about to begin" }
        return "\(endpoint) for \(since.duration(to: .now).forReading)"
    }
}
