import PostgresLocking
import PostgresStreaming
import PostgresTransport

/// A pool of a registry, with the task that looks after it. When the last reference is gone its idle connections are
/// closed; leases in hand keep what they need of it.
final class RegistryPool: Sendable {
    /// What a pool is for.
    struct Key: Hashable, Sendable {
        let name: String
        let isReadOnly: Bool
        let parts: [ConnectionKeyword: String]
    }

    let profile: ConnectionProfile
    let isReadOnly: Bool
    let client: PostgresClient
    /// The way through its tunnel; nil where there is none.
    let route: (endpoints: [PostgresConfiguration.Endpoint], route: ConnectionRoute)?
    private let upkeep: Task<Void, Never>
    private let use: Locked<Use>

    private struct Use {
        var leases = 0
        var time = MonotonicTime.now
    }

    init(_ profile: ConnectionProfile, isReadOnly: Bool, _ options: RegistryOptions) {
        self.profile = profile
        self.isReadOnly = isReadOnly
        var (configuration, pool) = (profile.configuration, profile.pool)
        options.configure?(profile.name, &configuration, &pool)
        if let tunnel = profile.tunnel {
            tunnel.lead(&configuration, hiding: profile.secrets)
        }
        let endpoints = configuration.endpoints
        route = configuration.route.map { (endpoints, $0) }
        if isReadOnly { Self.makeReadOnly(&configuration, &pool) }
        client = PostgresClient(configuration, pool: pool)
        upkeep = Task { [client] in await client.lookAfter() }
        use = Locked(Use())
    }

    deinit { upkeep.cancel() }

    private static let readOnly = "default_transaction_read_only"

    /// Has every session begin with transactions that may only read.
    private static func makeReadOnly(
        _ configuration: inout PostgresConfiguration, _ pool: inout PostgresPoolConfiguration
    ) {
        switch configuration.pooler {
        case nil: configuration.runtimeParameters[readOnly] = "on"
        case .session:
            // PgBouncer refuses parameters that it does not know.
            let hook = pool.hooks.beforeLease
            pool.hooks.beforeLease = { connection in
                try await connection.execute("SET default_transaction_read_only = on")
                return try await hook?(connection) ?? true
            }
        // What is set would reach other clients: `RegistryClient` begins each transaction as one that reads.
        case .transaction: break
        }
    }

    /// Adds to an error what is known of protected connections: a pooler that was not declared refuses the parameter.
    func explain(_ error: PostgresError) -> PostgresError {
        guard isReadOnly, error.message.contains(Self.readOnly), error.isConnectionUsable == false else { return error }
        return PostgresError(
            error.code, error.message,
            hint:
                "A pooler stands before the protected server: declare it by the key pooler, as session or transaction.",
            server: error.server, isConnectionUsable: false)
    }

    /// Whether sessions cannot be kept from writing, so that none is lent.
    var lendsQueriesOnly: Bool { isReadOnly && profile.configuration.pooler == .transaction }

    /// Whether there was neither a lease nor a listener for so long.
    func isUnused(for time: Duration, now: MonotonicTime = .now) -> Bool {
        !isBusy && lastUse(now) + time <= now
    }

    private var isBusy: Bool {
        let figures = client.statistics
        return figures.leased + figures.waiting + figures.connecting + figures.listeners > 0
    }

    /// When it was seen in use for the last time.
    func lastUse(_ now: MonotonicTime = .now) -> MonotonicTime {
        let (leases, isBusy) = (client.statistics.leases, isBusy)
        return use.withLock { use in
            if isBusy || leases != use.leases { use = Use(leases: leases, time: now) }
            return use.time
        }
    }
}
