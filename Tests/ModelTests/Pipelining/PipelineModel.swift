import PostgresStreaming
import PostgresTestSupport

/// A pipeline outside of a transaction block, its server, and what each believes of every statement.
///
/// The server runs statements in order, commits at a Sync or by COMMIT, and skips after an error up to the next Sync. Its words
/// reach the client later, one after the other, or are lost with the connection; what it had heard of by then it may
/// still do.
struct PipelineModel: StateModel {
    enum Event: Hashable, Sendable {
        case say, sayCommit, saySync
        case serverRuns, serverFails, serverTakesSync, serverFailsAtSync
        case clientHears, connectionIsLost
    }

    struct Item: PipelineItem {
        let number: Int
        func continues(_ other: Item) -> Bool { false }
    }

    /// What the client said, in order.
    private enum Said { case statement(Int, isCommit: Bool), sync }
    /// What the server said, in order.
    private enum Word { case ran(isCommit: Bool), failed, ready }
    /// What the server has of a statement.
    private enum Truth: Equatable { case waiting, ran, committed, undone, skipped }

    private var queue = PipelineQueue<Item>()
    private var syncsSaid = 0
    private var syncsAnswered = 0
    private var hasHeardFailure = false
    private var said: [Said] = []
    private var words: [Word] = []
    private var truth: [Truth] = []
    private var reported: [Int: PipelineOutcome] = [:]
    private var serverSkips = false
    private var hasUnsynced = false
    private var isLost = false

    private static let statementsMax = 6

    var events: [Event] {
        guard !isLost else { return [] }
        var events: [Event] = [.connectionIsLost]
        if truth.count < Self.statementsMax { events += [.say, .sayCommit] }
        if syncsSaid - syncsAnswered < 3 { events.append(.saySync) }
        switch said.first {
        case .statement?: events += [.serverRuns] + (serverSkips ? [] : [.serverFails])
        case .sync?: events += [.serverTakesSync] + (serverSkips ? [] : [.serverFailsAtSync])
        case nil: break
        }
        if !words.isEmpty { events.append(.clientHears) }
        return events
    }

    func weight(of event: Event) -> Double { event == .connectionIsLost ? 0.05 : 1 }

    mutating func apply(_ event: Event) -> String? {
        switch event {
        case .say, .sayCommit:
            let isCommit = event == .sayCommit
            queue.append(Item(number: truth.count), sync: syncsSaid, mayEndTransaction: isCommit)
            said.append(.statement(truth.count, isCommit: isCommit))
            truth.append(.waiting)
            hasUnsynced = true
        case .saySync:
            said.append(.sync)
            syncsSaid += 1
            hasUnsynced = false
        case .serverRuns: run()
        case .serverFails: fail()
        case .serverTakesSync: takeSync()
        case .serverFailsAtSync:
            end(with: .undone)
            words.append(.failed)
            takeSync()
        case .clientHears: return hear()
        case .connectionIsLost: return lose()
        }
        return nil
    }

    mutating func settle() -> String? {
        guard !isLost else { return nil }
        if hasUnsynced { _ = apply(.saySync) }
        while !said.isEmpty { if case .sync? = said.first { takeSync() } else { run() } }
        while !words.isEmpty { if let problem = hear() { return problem } }
        guard queue.isEmpty else { return "something is not settled" }
        return checkAll()
    }

    // MARK: the server

    private mutating func run() {
        guard case .statement(let number, let isCommit)? = said.first else { return }
        said.removeFirst()
        guard !serverSkips else {
            truth[number] = .skipped
            return
        }
        truth[number] = .ran
        if isCommit { end(with: .committed) }
        words.append(.ran(isCommit: isCommit))
    }

    private mutating func fail() {
        guard case .statement(let number, _)? = said.first else { return }
        said.removeFirst()
        truth[number] = .ran
        end(with: .undone)
        serverSkips = true
        words.append(.failed)
    }

    private mutating func takeSync() {
        said.removeFirst()
        end(with: .committed)
        serverSkips = false
        words.append(.ready)
    }

    private mutating func end(with fate: Truth) {
        for index in truth.indices where truth[index] == .ran { truth[index] = fate }
    }

    // MARK: the client

    private mutating func hear() -> String? {
        switch words.removeFirst() {
        case .ran(let isCommit): queue.currentRan(isCommit ? .committed : .none)
        case .failed: hasHeardFailure = true
        case .ready:
            var settled: [(Int, PipelineOutcome)] = []
            queue.settle(sync: syncsAnswered, hasFailed: hasHeardFailure) {
                settled.append(($0.item.number, $0.outcome))
            }
            syncsAnswered += 1
            hasHeardFailure = false
            return note(settled)
        }
        return nil
    }

    private mutating func lose() -> String? {
        isLost = true
        var settled: [(Int, PipelineOutcome)] = []
        queue.lose(syncsSaid: syncsSaid, isInBlock: false) { settled.append(($0.item.number, $0.outcome)) }
        // What was said may all have arrived; what has no Sync then is undone with the connection.
        while let next = said.first { if case .sync = next { takeSync() } else { run() } }
        end(with: .undone)
        if let problem = note(settled) ?? checkAll() { return problem }
        return queue.isEmpty ? nil : "something is left after the loss"
    }

    private mutating func note(_ settled: [(Int, PipelineOutcome)]) -> String? {
        for (number, outcome) in settled {
            guard reported.updateValue(outcome, forKey: number) == nil else { return "\(number) is settled twice" }
        }
        return nil
    }

    /// Whether what was reported is what happened. Of what is unknown anything may be true.
    private func checkAll() -> String? {
        for (number, fate) in truth.enumerated() {
            switch reported[number] {
            case nil: return "\(number) was never settled"
            case .tookEffect? where fate != .committed: return "\(number) took effect, they say, and is \(fate)"
            case .undone? where fate == .committed: return "\(number) is undone, they say, and committed"
            case .notRun? where fate != .skipped: return "\(number) did not run, they say, and is \(fate)"
            case .unknown? where !isLost: return "\(number) is unknown on a connection that lives"
            default: break
            }
        }
        return nil
    }
}
