import PostgresTransport
import PostgresWire

/// Admits one verb or stream of a connection at a time. The connection, its streams and what they leave to be done share it.
///
/// Not Sendable: it belongs to the region of the connection. The checks are plain values; they are there for what the
/// compiler lets pass, such as two calls of one re-entrant actor.
final class ConnectionGate {
    private enum State {
        case held(DriverHandover)
        /// A stream was left early; a task on the loop cleans up after it.
        case cleaning(Task<DriverHandover, Never>)
        case ended(PostgresError)
    }

    /// What the connection is at work for.
    private enum Use { case nothing, verb, stream }

    private var state: State
    private var use = Use.nothing
    private let loop: EventLoop
    private let settings: ConnectionSettings
    /// The observer of the connection; nil where there is none.
    let observation: ConnectionObservation?
    /// The transaction that the connection is in by a scope; nil outside.
    private(set) var transaction: (any StatementScope)?
    /// The streams so far; the last one may be open.
    private var streamCount = 0
    /// The streams up to this one have to end, and why.
    private var cutOff: (streamCount: Int, error: PostgresError)?
    /// Whether the query that was left last was part of a transaction block.
    private var isLeftInBlock = false
    /// Whether a fetch for the open stream or for the next of several results is in progress.
    private(set) var isFetching = false
    /// What scopes hold of the session, such as advisory locks, and how often.
    var holds: [AnyHashable: Int] = [:]
    /// The statements that are not needed any more; they are closed with the next flight.
    private var forgottenNames: [String] = []

    /// The portals that were opened on the connection.
    var portals = PortalLedger()

    /// What gets the connection back as soon as a verb or stream is over; nil where something else ends the lease.
    private var wayBack: (any ConnectionWayBack)?
    /// Whether the lease is for one query in a transaction that may only read.
    private var isReading = false

    /// Takes over a connection.
    init(_ handover: DriverHandover) {
        loop = handover.driver.loop
        settings = handover.driver.settings
        handover.driver.runner.isBlockExpendable = false
        observation = handover.driver.observation
        state = .held(handover)
    }

    deinit { goBack() }

    /// The options of a query that is called with these.
    func completed(_ options: StreamOptions) -> StreamOptions {
        options.completed(by: settings.streamDefaults, isObserved: observation != nil)
    }

    /// How long the connection waits, and for what.
    var times: TimeLimits { settings.times }

    /// For a query of the library's own.
    var controlOptions: StreamOptions { StreamOptions { [times] in $0.timeout = times.control } }

    /// Begins a verb. Fails fast if the connection is at work; waits for a clean-up that is under way.
    ///
    /// - Parameter scope: the transaction that the verb belongs to; nil for none.
    @inline(__always)
    nonisolated(nonsending) func begin(
        in scope: (any StatementScope)? = nil
    ) async throws(PostgresError) -> ConnectionDriver {
        try claim(for: scope)
        if isCleaning { await settle() }
        return try admit(scope)
    }

    private func claim(for scope: (any StatementScope)?) throws(PostgresError) {
        if case .ended(let error) = state { throw error }
        try check(scope)
        guard use == .nothing else { throw Self.busy }
        use = .verb
    }

    /// Throws within a verb, such as the closure of a COPY or a pipeline, which nothing may begin or end under.
    func checkNoVerb() throws(PostgresError) {
        if use == .verb { throw Self.busy }
    }

    private static var busy: PostgresError {
        PostgresError(
            .connectionBusy, "the connection is busy with another call or an open stream",
            hint: "End the stream or await the other call first, or use a second connection.")
    }

    private func admit(_ scope: (any StatementScope)?) throws(PostgresError) -> ConnectionDriver {
        let driver: ConnectionDriver
        do throws(PostgresError) {
            driver = try held()
            driver.cleanUpSpent = .zero
            if let failure = driver.failure { throw failure }
            try driver.takeUnasked()
            if let scope, scope.hasBegun, driver.session.transactionStatus == .idle {
                throw PostgresError.transactionEnded
            }
        } catch {
            use = .nothing
            throw error
        }
        if !forgottenNames.isEmpty {
            driver.statements.close(forgottenNames)
            forgottenNames.removeAll()
        }
        if portals.hasForgotten { driver.runner.close(portals: portals.takeForgotten()) }
        return driver
    }

    private func check(_ scope: (any StatementScope)?) throws(PostgresError) {
        guard scope !== transaction else { return }
        guard scope == nil else { throw .transactionEnded }
        throw PostgresError(
            .connectionBusy, "the connection is in a transaction",
            hint: "Use the transaction that the closure is given; a savepoint is a transaction within it.")
    }

    /// Has a statement closed with the next flight.
    func forget(statement name: String) {
        guard forgottenNames.count < Self.forgottenNamesMax else { return }
        forgottenNames.append(name)
    }

    private static let forgottenNamesMax = 10_000

    /// Ends a verb that left the session idle, or the connection failed.
    func finish() {
        use = .nothing
        goBack()
    }

    /// The verb goes on as a stream, whose number is returned.
    func becomeStream() -> Int {
        use = .stream
        streamCount += 1
        return streamCount
    }

    /// A fetch for the open stream, or for the next of several results, begins.
    func beginFetching() {
        isFetching = true
        wayBack?.noteReading()
    }

    /// The fetch returned.
    func endFetching() { isFetching = false }

    /// Throws where a stream had to end with what it belonged to.
    func check(stream number: Int) throws(PostgresError) {
        if let cutOff, number <= cutOff.streamCount { throw cutOff.error }
    }

    /// Whether the stream had to end with what it belonged to.
    func hasCutOff(stream number: Int) -> Bool { cutOff.map { number <= $0.streamCount } ?? false }

    /// Leaves the open stream, if there is one; who reads on in it gets the error.
    func cutOffStream(_ error: PostgresError) {
        switch use {
        case .nothing: break
        case .stream where !isFetching:
            cutOff = (streamCount, error)
            leave()
        // A call is inside the driver, which no scope may end under.
        case .stream, .verb: end()
        }
    }

    /// The driver, for the verb or stream that is under way.
    func held() throws(PostgresError) -> ConnectionDriver {
        switch state {
        case .held(let handover): return handover.driver
        case .cleaning: throw PostgresError(.invalidState, "the stream was left before its end")
        case .ended(let error): throw error
        }
    }

    private var isCleaning: Bool { if case .cleaning = state { true } else { false } }

    /// Whether the connection takes further calls, as far as is known; one that is being cleaned up may yet.
    var isUsable: Bool {
        switch state {
        case .held(let handover): handover.driver.failure == nil
        case .cleaning: true
        case .ended: false
        }
    }

    /// A query was left early: cleans up after it on the loop, at once and without making anyone wait.
    ///
    /// At once, because a server that is blocked in the middle of a result keeps its snapshot until someone reads.
    ///
    /// - Parameter limit: the limit of what is left, if it had one.
    func leave(_ work: CleanUp = .leave, after limit: Duration? = nil) {
        use = .nothing
        guard case .held(let handover) = state else { return }
        isLeftInBlock = handover.driver.isInBlock
        let limit = [limit, transaction?.time?.limit].compactMap(\.self).min()
        state = .cleaning(Task.detached(executorPreference: loop) { await handover.cleaned(work, after: limit) })
        goBack()
    }

    /// Does something on the loop that the caller's cancellation does not reach, and waits for its end.
    nonisolated(nonsending) func shield(_ work: CleanUp) async {
        await settle()
        leave(work)
        await settle()
    }

    // MARK: scopes and cleaning up

    /// From now on only verbs are admitted that come with this scope.
    func enter(_ scope: any StatementScope) { transaction = scope }

    /// The scope is over; one that the connection is not in changes nothing.
    func exit(_ scope: any StatementScope) {
        guard transaction === scope else { return }
        transaction = nil
        portals.endTransaction()
    }

    /// Waits for a clean-up that is under way, which has a limit of its own; what has not ended within this one is given
    /// up, and the connection with it.
    nonisolated(nonsending) func settle(within limit: Duration? = nil) async {
        guard case .cleaning(let task) = state else { return }
        let timer = limit.map { limit in
            Task {
                try await Task.sleep(for: limit)
                task.cancel()
            }
        }
        defer { timer?.cancel() }
        let handover = await task.value
        if limit != nil, task.isCancelled { handover.driver.observation?.passed(.close) }
        // The connection may have been closed in the meantime.
        if case .cleaning = state { state = .held(handover) }
    }

    /// Says of an error by which a query was left what the next call will find: waits until that is known. Outside of
    /// transactions it does for a moment at most, and then gives the connection up.
    nonisolated(nonsending) func settled(_ error: PostgresError) async -> PostgresError {
        guard case .cleaning = state else { return error }
        // In a transaction block it is read on for longer before the server is asked to cancel.
        await settle(within: isLeftInBlock ? nil : Self.settlingTime)
        return stamped(error)
    }

    /// Says of an error what is known of the connection by now.
    func stamped(_ error: PostgresError) -> PostgresError {
        error.isConnectionUsable && !isUsable ? PostgresError(error, isConnectionUsable: false) : error
    }

    private static let settlingTime = Duration.seconds(1)

    /// Ends the lease for good: everything that still refers to it throws from now on.
    func end() {
        if case .held(let handover) = state { handover.driver.terminate() }
        if case .ended = state { return }
        state = .ended(PostgresError(.connectionClosed, "the connection was closed", isConnectionUsable: false))
    }

    /// Ends a verb that another call of its owner is still at work for: nothing else may be inside the driver with it. The
    /// connection is closed, which ends that call.
    func endUnderCall() {
        end()
        finish()
    }

    // MARK: the way back

    /// The connection goes back as soon as the verb or stream that comes next is over.
    ///
    /// - Parameter isReading: whether that is one query in a transaction that may only read, and that is ended with it.
    func endsWithNextVerb(_ wayBack: any ConnectionWayBack, isReading: Bool = false) {
        self.wayBack = wayBack
        self.isReading = isReading
        if isReading, case .held(let handover) = state { handover.driver.runner.isBlockExpendable = true }
    }

    /// Whether the connection goes back after one query.
    var isForOneVerb: Bool { wayBack != nil }

    /// Gives the connection back to what waits for it, if anything does.
    func goBack() {
        guard let wayBack else { return }
        self.wayBack = nil
        wayBack.takeBack(surrender())
    }

    /// Ends the lease for its holder, and hands the connection on as it stands.
    func surrender() -> SurrenderedDriver {
        let isAtWork = use != .nothing
        if use == .stream { cutOff = (streamCount, .leaseEnded) }
        defer { state = .ended(.leaseEnded) }
        switch state {
        case .held(let handover) where handover.driver.failure != nil: return .nothing
        case .held(let handover):
            if isReading, !isAtWork, handover.driver.session.transactionStatus != .idle { return .reading(handover) }
            return isAtWork || !handover.driver.isClean ? .atWork(handover) : .atRest(handover)
        case .cleaning(let task): return .cleaning(task)
        case .ended: return .nothing
        }
    }

    /// As `surrender`, while a call may be inside the driver, which cannot be made to leave it.
    func revoke() -> SurrenderedDriver {
        if use == .verb || isFetching { end() }
        return surrender()
    }
}

extension ConnectionGate: CustomReflectable {
    /// Shows nothing, so that no `dump` prints the session inside, in which people put values.
    var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
