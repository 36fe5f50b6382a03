import PostgresLocking
import PostgresStreaming

/// One document of a registry and its pools, which no reload changes: for work that uses several connections and must not
/// meet one of the old document and one of the new.
///
/// It shares the pools of the registry for as long as they agree. Hold it for as long as the work lasts, not longer.
public final class RegistrySnapshot: Sendable {
    /// The document.
    public let document: RegistryDocument
    /// The number of its reading.
    let reading: Int
    private let registry: Registry
    private let pools = Locked<[RegistryPool.Key: RegistryPool]>([:])

    init(_ document: RegistryDocument, ofReading reading: Int, _ registry: Registry) {
        self.document = document
        self.reading = reading
        self.registry = registry
    }

    /// The connection of a name; see `Registry.client(named:)`.
    ///
    /// - Throws: `nameUnknown`.
    public func client(named name: String) throws(RegistryError) -> RegistryClient {
        _ = try document.profile(named: name)
        return RegistryClient(name: name, source: .snapshot(self), confirmation: nil, parts: [:])
    }

    /// The connection of a name, for writing; see `Registry.client(named:confirming:)`.
    ///
    /// - Throws: `nameUnknown`, `confirmationWrong`.
    public func client(named name: String, confirming confirmation: String) throws(RegistryError) -> RegistryClient {
        try Registry.check(confirmation, document.profile(named: name))
        return RegistryClient(name: name, source: .snapshot(self), confirmation: confirmation, parts: [:])
    }

    func pool(
        _ name: String, _ confirmation: String?, _ parts: [ConnectionKeyword: String]
    ) throws(RegistryError) -> RegistryPool {
        let profile = try document.profile(named: name, replacing: parts)
        let isReadOnly = try Registry.isReadOnly(profile, confirmation)
        let key = RegistryPool.Key(name: name, isReadOnly: isReadOnly, parts: parts)
        if let pool = pools.withLock({ $0[key] }) { return pool }
        let pool =
            try registry.pool(for: profile, key, ofReading: reading)
            ?? RegistryPool(profile, isReadOnly: isReadOnly, registry.options)
        return pools.withLock { pools in
            if let first = pools[key] { return first }
            pools[key] = pool
            return pool
        }
    }
}
