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
        /// Two runs of one statement, which have their own Syncs or have none.
        case sayRuns, sayRunsWithSyncs
        case serverRuns, serverFails, serverTakesSync, serverFailsAtSync
        case clientHears, connectionIsLost
        /// The client takes what runs of one statement were answered with in one piece.
        case clientHearsRuns
    }

    struct Item: PipelineItem {
        /// The first number of the runs of one statement.
        let number: Int
        /// Whether it may be run again.
        var isRun = false
        func continues(_ other: Item) -> Bool { isRun && other.isRun }
        func repeats(_ other: Item) -> Bool { continues(other) }
    }

    private typealias Settled = PipelineQueue<Item>.Settled
    /// What the client said, in order.
    private enum Said { case statement(Int, isCommit: Bool), sync }
    /// What the server said, in order.
    private enum Word { case ran(Int, isCommit: Bool), failed, ready }
    /// What is said so that it may be answered in one piece with others of its kind.
    private enum Kind { case single, run, runWithSync }
    /// What the server has of a statement.
    private enum Truth: Equatable { case waiting, ran, committed, undone, skipped }

    private var queue = PipelineQueue<Item>()
    private var syncsSaid = 0
    private var syncsAnswered = 0
    private var hasHeardFailure = false
    private var said: [Said] = []
    private var words: [Word] = []
    private var truth: [Truth] = []
    private var kinds: [Kind] = []
    /// How many statements were reported: what is reported is in their order.
    private var reportedCount = 0
    private var lastHeard: Kind?
    private var reported: [Int: PipelineOutcome] = [:]
    private var serverSkips = false
    private var hasUnsynced = false
    private var isLost = false

    private static let statementsMax = 6

    var events: [Event] {
        guard !isLost else { return [] }
        var events: [Event] = [.connectionIsLost]
        if truth.count < Self.statementsMax {
            events += [.say, .sayCommit, .sayRuns] + (hasUnsynced ? [] : [.sayRunsWithSyncs])
        }
        if syncsSaid - syncsAnswered < 3 { events.append(.saySync) }
        switch said.first {
        case .statement?: events += [.serverRuns] + (serverSkips ? [] : [.serverFails])
        case .sync?: events += [.serverTakesSync] + (serverSkips ? [] : [.serverFailsAtSync])
        case nil: break
        }
        if !words.isEmpty { events.append(.clientHears) }
        if answeredRuns.wordCount > 1 { events.append(.clientHearsRuns) }
        return events
    }

    func weight(of event: Event) -> Double { event == .connectionIsLost ? 0.05 : 1 }

    mutating func apply(_ event: Event) -> String? {
        switch event {
        case .say, .sayCommit:
            let isCommit = event == .sayCommit
            queue.append(Item(number: truth.count), sync: syncsSaid, mayEndTransaction: isCommit)
            say(.single, isCommit: isCommit)
            hasUnsynced = true
        case .sayRuns:
            queue.append(Item(number: truth.count, isRun: true), count: 2, sync: syncsSaid)
            for _ in 1...2 { say(.run) }
            hasUnsynced = true
        case .sayRunsWithSyncs:
            queue.append(Item(number: truth.count, isRun: true), count: 2, sync: syncsSaid, hasOwnSyncs: true)
            for _ in 1...2 {
                say(.runWithSync)
                said.append(.sync)
            }
            syncsSaid += 2
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
        case .clientHearsRuns: return hearRuns()
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

    private mutating func say(_ kind: Kind, isCommit: Bool = false) {
        said.append(.statement(truth.count, isCommit: isCommit))
        truth.append(.waiting)
        kinds.append(kind)
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
        words.append(.ran(number, isCommit: isCommit))
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
        case .ran(let number, let isCommit):
            queue.currentRan(isCommit ? .committed : .none)
            lastHeard = kinds[number]
        case .failed: hasHeardFailure = true
        case .ready:
            var settled: [Settled] = []
            queue.settle(sync: syncsAnswered, hasFailed: hasHeardFailure) { settled.append($0) }
            syncsAnswered += 1
            hasHeardFailure = false
            lastHeard = nil
            return note(settled)
        }
        return nil
    }

    /// What may be heard in one piece: runs that went well, and the answers to their own Syncs.
    private var answeredRuns: (runCount: Int, syncCount: Int, wordCount: Int) {
        var (runCount, syncCount, kind) = (0, 0, lastHeard == .single ? nil : lastHeard)
        var awaitsSync = kind == .runWithSync
        guard !hasHeardFailure else { return (0, 0, 0) }
        loop: for word in words {
            switch word {
            case .ran(let number, false) where kinds[number] != .single && kind ?? kinds[number] == kinds[number]:
                kind = kinds[number]
                runCount += 1
                awaitsSync = kind == .runWithSync
            case .ready where awaitsSync:
                syncCount += 1
                awaitsSync = false
            default: break loop
            }
        }
        return (runCount, syncCount, runCount + syncCount)
    }

    private mutating func hearRuns() -> String? {
        let (runCount, syncCount, wordCount) = answeredRuns
        var settled: [Settled] = []
        queue.currentRan(runCount, syncCount: syncCount) { settled.append($0) }
        syncsAnswered += syncCount
        if case .ran(let number, _) = words[wordCount - 1] { lastHeard = kinds[number] } else { lastHeard = nil }
        words.removeFirst(wordCount)
        return note(settled)
    }

    private mutating func lose() -> String? {
        isLost = true
        var settled: [Settled] = []
        queue.lose(syncsSaid: syncsSaid, isInBlock: false) { settled.append($0) }
        // What was said may all have arrived; what has no Sync then is undone with the connection.
        while let next = said.first { if case .sync = next { takeSync() } else { run() } }
        end(with: .undone)
        if let problem = note(settled) ?? checkAll() { return problem }
        return queue.isEmpty ? nil : "something is left after the loss"
    }

    private mutating func note(_ settled: [Settled]) -> String? {
        for part in settled {
            guard part.item.isRun || part.item.number == reportedCount && part.count == 1 else {
                return "\(part.item.number) is settled in the place of \(reportedCount)"
            }
            for _ in 0..<part.count {
                reported[reportedCount] = part.outcome
                reportedCount += 1
            }
        }
        return reportedCount > truth.count ? "more was settled than was said" : nil
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
