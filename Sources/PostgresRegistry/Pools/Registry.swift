import PostgresLocking
import PostgresStreaming
import PostgresTransport

/// Named connections that one document declares, as pools that are made when they are needed.
///
/// ```swift
/// let registry = try await Registry.open()
/// let orders = try registry.client(named: "orders")
/// for try await (id, total) in try await orders.query("SELECT id, total FROM invoice").decode((Int, Int).self) {
///     print(id, total)
/// }
/// ```
///
/// `run()` looks after it: it reads the document again when its files change and closes pools that are not used. Everything
/// else works without.
public final class Registry: Sendable {
    private struct State {
        var document: RegistryDocument
        var pools: [RegistryPool.Key: RegistryPool] = [:]
        /// The pools by what clients ask for, so that a call finds its pool by one look; emptied with every change.
        var found: [ClientKey: RegistryPool] = [:]
        var isClosed = false
        /// How many readings of the document began, and which of them is in force.
        var readingsBegun = 0
        var readingInForce = 0
        /// When the last one began.
        var readingBegan = MonotonicTime.now
        /// How the files looked when they were read last.
        var stamps: [FileStamp]
        var lastReload: RegistryReload?
    }

    /// What a client asks for.
    private struct ClientKey: Hashable {
        let name: String
        let confirmation: String?
        let parts: [ConnectionKeyword: String]
    }

    let source: RegistrySource
    let options: RegistryOptions
    private let state: Locked<State>

    private init(_ source: RegistrySource, _ options: RegistryOptions, _ document: RegistryDocument) {
        self.source = source
        self.options = options
        state = Locked(State(document: document, stamps: document.stamps))
    }

    /// Reads a document and checks it; see `RegistryDocument.read`. Connects to nothing.
    ///
    /// - Throws: `documentInvalid` with everything that is wrong, by file, line and column; `documentMissing`.
    public nonisolated(nonsending) static func open(
        _ source: RegistrySource = .standard, options: RegistryOptions = RegistryOptions()
    ) async throws(RegistryError) -> Registry {
        Registry(source, options, try await RegistryDocument.read(source, options: options))
    }

    /// The document that is in force.
    public var document: RegistryDocument { state.withLock { $0.document } }

    /// The document that is in force and its pools, as one: no reload comes between its connections.
    public var snapshot: RegistrySnapshot {
        let (document, reading) = state.withLock { ($0.document, $0.readingInForce) }
        return RegistrySnapshot(document, ofReading: reading, self)
    }

    /// What the last reload did; nil before the first one.
    public var lastReload: RegistryReload? { state.withLock { $0.lastReload } }

    // MARK: clients

    /// The connection of a name. Nothing is connected yet.
    ///
    /// Sessions of a protected connection begin with transactions that may only read (`default_transaction_read_only`). That
    /// guards from accidents: SQL that asks for a transaction that writes gets one.
    ///
    /// - Parameters:
    ///   - name: the name in the document.
    ///   - parts: what goes before the document for this client, such as `[.dbname: "tenant_7"]`; each set of parts has a
    ///     pool of its own.
    /// - Throws: `nameUnknown`, with the nearest name; `documentInvalid` where the parts do not fit; `closed`.
    public func client(
        named name: String, replacing parts: [ConnectionKeyword: String] = [:]
    ) throws(RegistryError) -> RegistryClient {
        _ = try checkOpen().profile(named: name, replacing: parts)
        return RegistryClient(name: name, source: .registry(self), confirmation: nil, parts: parts)
    }

    /// The connection of a name, for writing: the caller repeats what it writes to.
    ///
    /// The confirmation is `ConnectionProfile.confirmation`: `environment/name`, or the name alone where there is no
    /// environment. What was confirmed for one environment is refused in every other. It should come from a person or from
    /// the settings of a deployment; a program that computes it defeats it.
    ///
    /// - Throws: `confirmationWrong`; otherwise as `client(named:replacing:)`.
    public func client(
        named name: String, confirming confirmation: String, replacing parts: [ConnectionKeyword: String] = [:]
    ) throws(RegistryError) -> RegistryClient {
        try Self.check(confirmation, checkOpen().profile(named: name, replacing: parts))
        return RegistryClient(name: name, source: .registry(self), confirmation: confirmation, parts: parts)
    }

    static func check(_ confirmation: String, _ profile: ConnectionProfile) throws(RegistryError) {
        guard confirmation == profile.confirmation else {
            throw RegistryError(
                .confirmationWrong, "confirmation is not the one of the connection \"\(profile.name)\"",
                hint: "It is \"\(profile.confirmation)\".", at: profile.place)
        }
    }

    static func isReadOnly(_ profile: ConnectionProfile, _ confirmation: String?) throws(RegistryError) -> Bool {
        guard let confirmation else { return profile.isProtected }
        try check(confirmation, profile)
        return false
    }

    /// The document, unless the registry was closed.
    func checkOpen() throws(RegistryError) -> RegistryDocument {
        let (document, isClosed) = state.withLock { ($0.document, $0.isClosed) }
        guard !isClosed else { throw RegistryError(.closed, "the registry was closed") }
        return document
    }

    // MARK: pools

    /// The pool of a connection in the document that is in force; made where there is none.
    func pool(
        _ name: String, _ confirmation: String?, _ parts: [ConnectionKeyword: String]
    ) throws(RegistryError) -> RegistryPool {
        let client = ClientKey(name: name, confirmation: confirmation, parts: parts)
        while true {
            if let pool = state.withLock({ $0.found[client] }) { return pool }
            let (document, reading) = state.withLock { ($0.document, $0.readingInForce) }
            _ = try checkOpen()
            // It may read a service file, and so is not done under the lock.
            let profile = try document.profile(named: name, replacing: parts)
            let key = RegistryPool.Key(
                name: name, isReadOnly: try Self.isReadOnly(profile, confirmation), parts: parts)
            guard let pool = try pool(for: profile, key, ofReading: reading) else { continue }
            state.withLock { state in
                guard state.readingInForce == reading, state.pools[key] === pool else { return }
                if state.found.count >= max(options.poolsMax, 1) { state.found = [:] }
                state.found[client] = pool
            }
            return pool
        }
    }

    /// The pool for a profile of a document, by the number of its reading; nil where another document is in force by now
    /// and has no pool that agrees.
    func pool(
        for profile: ConnectionProfile, _ key: RegistryPool.Key, ofReading reading: Int
    ) throws(RegistryError) -> RegistryPool? {
        try state.withLock { state throws(RegistryError) in
            if let pool = state.pools[key], pool.profile.fingerprint == profile.fingerprint { return pool }
            guard state.readingInForce == reading else { return nil }
            guard !state.isClosed else { throw RegistryError(.closed, "the registry was closed") }
            if state.pools[key] == nil, state.pools.count >= max(options.poolsMax, 1) { try Self.makeRoom(&state) }
            let pool = RegistryPool(profile, isReadOnly: key.isReadOnly, options)
            state.pools[key] = pool
            return pool
        }
    }

    /// Closes the pool that was unused for longest.
    private static func makeRoom(_ state: inout State) throws(RegistryError) {
        let now = MonotonicTime.now
        let unused = state.pools.filter { $0.value.isUnused(for: .zero, now: now) }
        guard let oldest = unused.min(by: { $0.value.lastUse(now) < $1.value.lastUse(now) }) else {
            throw RegistryError(
                .tooManyPools, "all of the registry's \(state.pools.count) pools are in use",
                hint: "Raise RegistryOptions.poolsMax, or use fewer parts.")
        }
        state.pools[oldest.key] = nil
        state.found = [:]
    }

    // MARK: reloading

    /// Reads the document again. Where it is right it replaces the one in force as a whole: connections that did not change
    /// keep their pools; those that did get a new one with the next call, and leases in hand end with the old one. Where it
    /// is wrong nothing changes.
    ///
    /// - Throws: why the new document was refused; the old one stays in force.
    @discardableResult
    public nonisolated(nonsending) func reload() async throws(RegistryError) -> RegistryReload {
        try await reload(isRetry: false)
    }

    /// - Parameter isRetry: whether nothing has changed that is known of, so that the same refusal is no news.
    private nonisolated(nonsending) func reload(isRetry: Bool) async throws(RegistryError) -> RegistryReload {
        let (number, old) = state.withLock { state in
            state.readingsBegun += 1
            state.readingBegan = .now
            return (state.readingsBegun, state.document)
        }
        let stamps = old.stamps.map { FileStamp($0.path) }
        do throws(RegistryError) {
            let document = try await RegistryDocument.read(source, options: options)
            return swap(document, number)
        } catch {
            let reload = RegistryReload(refusal: error)
            let isKnown = state.withLock { state in
                defer { (state.lastReload, state.stamps) = (reload, stamps) }
                return state.lastReload == reload
            }
            if !isRetry || !isKnown { options.onReload?(reload) }
            throw error
        }
    }

    /// Puts a document in force, unless one is that was read later.
    private func swap(_ document: RegistryDocument, _ number: Int) -> RegistryReload {
        let (reload, dropped) = state.withLock { state -> (RegistryReload, [RegistryPool]) in
            let reload = RegistryReload(from: state.document, to: document)
            guard number > state.readingInForce, !state.isClosed else { return (reload, []) }
            state.readingInForce = number
            let stale = state.pools.filter { Self.isStale($0.value, $0.key, in: document, before: state.document) }
            for key in stale.keys { state.pools[key] = nil }
            state.found = [:]
            state.document = document
            state.stamps = document.stamps
            state.lastReload = reload
            return (reload, Array(stale.values))
        }
        // Their idle connections are closed here, outside of the lock.
        withExtendedLifetime(dropped) {}
        options.onReload?(reload)
        return reload
    }

    private static func isStale(
        _ pool: RegistryPool, _ key: RegistryPool.Key, in new: RegistryDocument, before old: RegistryDocument
    ) -> Bool {
        guard let profile = new.profiles[key.name] else { return true }
        // One with parts depends on what it would be without them.
        let before = key.parts.isEmpty ? pool.profile : old.profiles[key.name]
        return profile.fingerprint != before?.fingerprint
    }

    // MARK: looking after it

    /// Looks after the registry until the task is cancelled or the registry is closed: reloads when the document's files
    /// change, and closes pools without use. What a reload does is told to `RegistryOptions.onReload`.
    public nonisolated(nonsending) func run() async {
        while !Task.isCancelled, state.withLock({ !$0.isClosed }) {
            try? await Task.sleep(for: min(options.watchInterval ?? .seconds(1), .seconds(1)))
            closeUnused()
            guard options.watchInterval != nil else { continue }
            if haveFilesChanged {
                _ = try? await reload(isRetry: false)
            } else if isRetryDue {
                _ = try? await reload(isRetry: true)
            }
        }
    }

    private var haveFilesChanged: Bool {
        let known = state.withLock { $0.stamps }
        return known.contains { $0 != FileStamp($0.path) }
    }

    /// What a refused document lacks may be in a file that is not known here, such as one that it was first to include.
    private var isRetryDue: Bool {
        state.withLock { state in
            state.lastReload?.refusal != nil && state.readingBegan + Self.retryInterval < .now
        }
    }

    /// How often a document that was refused is read again although none of the files that are known has changed.
    private static let retryInterval = Duration.seconds(10)

    private func closeUnused() {
        let now = MonotonicTime.now
        let dropped = state.withLock { state -> [RegistryPool] in
            let unused = state.pools.filter { $0.value.isUnused(for: options.unusedPoolTime, now: now) }
            for key in unused.keys { state.pools[key] = nil }
            if !unused.isEmpty { state.found = [:] }
            return Array(unused.values)
        }
        withExtendedLifetime(dropped) {}
    }

    /// Whether the registry was closed.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// The way through the tunnel that a pool of a connection has; nil where there is none.
    func route(of profile: ConnectionProfile) -> (endpoints: [PostgresConfiguration.Endpoint], route: ConnectionRoute)?
    {
        state.withLock { state in
            for (key, pool) in state.pools where key.name == profile.name && key.parts.isEmpty {
                if let route = pool.route, pool.profile.fingerprint == profile.fingerprint { return route }
            }
            return nil
        }
    }

    /// How many pools there are.
    public var poolCount: Int { state.withLock { $0.pools.count } }

    /// Lends nothing any more and closes all pools at once, each as `PostgresClient.close()` does. Pools of documents that
    /// are no longer in force end with their leases.
    ///
    /// - Returns: whether every lease ended in time.
    @discardableResult
    public nonisolated(nonsending) func close() async -> Bool {
        let pools = state.withLock { state -> [RegistryPool] in
            state.isClosed = true
            defer { (state.pools, state.found) = ([:], [:]) }
            return Array(state.pools.values)
        }
        return await withTaskGroup(of: Bool.self) { group in
            for pool in pools { group.addTask { await pool.client.close() } }
            return await group.reduce(true) { $0 && $1 }
        }
    }
}
