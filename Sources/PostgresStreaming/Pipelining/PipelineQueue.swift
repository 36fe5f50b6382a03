/// What a pipeline's queue counts together where it follows itself, such as the rows of `executeMany`.
package protocol PipelineItem {
    /// Whether the two belong to one statement that runs again and again.
    func continues(_ other: Self) -> Bool

    /// Whether they are said and answered alike as well, so that nothing tells one from the other.
    func repeats(_ other: Self) -> Bool
}

/// Which statements of a pipeline were said, which ran, and what becomes of each: plain values, without a connection.
///
/// Statements are said in order, each with the number of the Sync that settles it. They run in order. When that Sync is
/// answered all of its statements are settled, each once. An error ends its Sync's statements: what ran is undone, the first
/// that did not run has failed, those after it were skipped.
package struct PipelineQueue<Item: PipelineItem> {
    /// What an ended command says of the transaction that it is in.
    package enum Mark: Hashable, Sendable {
        /// Nothing.
        case none
        /// It is committed, with all that ran before.
        case committed
        /// It is rolled back, with all that ran before.
        case rolledBack
    }

    /// How a statement came to be settled.
    package enum Part: Hashable, Sendable {
        /// It ran.
        case ran
        /// It is the one that failed.
        case failed
        /// It did not run, as another one failed before it.
        case skipped
    }

    /// One statement, or several runs of one, whose fate is known.
    package struct Settled {
        /// What was said.
        package let item: Item
        /// How often it was run, one directly after the other.
        package let count: Int
        /// What became of it.
        package let outcome: PipelineOutcome
        /// How.
        package let part: Part
    }

    private struct Entry {
        let item: Item
        /// The number of the Sync of the first run.
        var sync: Int
        let mayEndTransaction: Bool
        var count = 1
        /// Whether each run has its own Sync, the numbers of which follow each other.
        var hasOwnSyncs = false
        var mark = Mark.none

        func settled(_ outcome: PipelineOutcome, _ part: Part, count: Int? = nil) -> Settled {
            Settled(item: item, count: count ?? self.count, outcome: outcome, part: part)
        }

        /// Takes off runs at the front.
        mutating func drop(_ dropped: Int) {
            count -= dropped
            if hasOwnSyncs { sync += dropped }
        }

        /// How many of the runs are settled by Syncs up to this one.
        func count(upTo sync: Int) -> Int {
            hasOwnSyncs ? min(max(sync - self.sync + 1, 0), count) : self.sync <= sync ? count : 0
        }
    }

    /// What was said and is not answered, from `first` on.
    private var said: [Entry] = []
    private var first = 0
    /// What ran and waits for the answer to its Sync.
    private var ran: [Entry] = []

    /// Nothing was said yet.
    package init() {}

    /// The statement whose answer comes next; nil where all were answered.
    package var current: Item? { first < said.count ? said[first].item : nil }

    /// The number of the Sync of that.
    package var currentSync: Int? { first < said.count ? said[first].sync : nil }

    /// How many statements were not answered.
    package private(set) var unansweredCount = 0

    /// Whether nothing waits for its answer, nor for that to its Sync.
    package var isEmpty: Bool { unansweredCount == 0 && ran.isEmpty }

    /// Gives `body` everything that is not settled, in order.
    package func forEach(_ body: (Item) -> Void) {
        for entry in ran { body(entry.item) }
        for entry in said[first...] { body(entry.item) }
    }

    /// A statement was said, or several runs of one.
    ///
    /// - Parameters:
    ///   - count: how many runs of it.
    ///   - sync: the number of the Sync that settles it, which never falls.
    ///   - hasOwnSyncs: whether each run is settled by its own Sync, the first by `sync`.
    ///   - mayEndTransaction: whether it may end the transaction by its words.
    package mutating func append(
        _ item: Item, count: Int = 1, sync: Int, hasOwnSyncs: Bool = false, mayEndTransaction: Bool = false
    ) {
        unansweredCount += count
        if let last = said.indices.last, last >= first, said[last].hasOwnSyncs == hasOwnSyncs,
            sync == said[last].sync + (hasOwnSyncs ? said[last].count : 0), item.repeats(said[last].item)
        {
            said[last].count += count
        } else {
            said.append(
                Entry(
                    item: item, sync: sync, mayEndTransaction: mayEndTransaction, count: count,
                    hasOwnSyncs: hasOwnSyncs))
        }
    }

    /// The current statement has run.
    package mutating func currentRan(_ mark: Mark = .none) { currentRan(mark, countMax: 1) }

    /// Takes note that the current statement has run, up to `countMax` times, and returns how often.
    @discardableResult
    private mutating func currentRan(_ mark: Mark, countMax: Int) -> Int {
        guard first < said.count else { return 0 }
        var entry = said[first]
        entry.count = min(entry.count, entry.hasOwnSyncs ? 1 : countMax)
        entry.mark = mark
        take(entry.count)
        if mark != .none { markTransaction(of: entry.sync, mark) }
        if let last = ran.indices.last, ran[last].sync == entry.sync, ran[last].mark == mark,
            entry.item.continues(ran[last].item)
        {
            ran[last].count += entry.count
        } else {
            ran.append(entry)
        }
        return entry.count
    }

    /// Takes runs off the entry at the front.
    private mutating func take(_ count: Int) {
        unansweredCount -= count
        guard count == said[first].count else { return said[first].drop(count) }
        first += 1
        compact()
    }

    /// Runs of a statement have run, and Syncs were answered that each settle one of them.
    ///
    /// - Parameters:
    ///   - runCount: how often the statement has run, the one that comes first in the queue.
    ///   - syncCount: how many Syncs were answered, where each run has its own; that of a run that had run before comes first.
    ///   - report: is given what is settled by that, in order.
    package mutating func currentRan(_ runCount: Int, syncCount: Int, _ report: (Settled) -> Void) {
        var (runCount, syncCount) = (runCount, syncCount)
        if syncCount > 0, let sync = ran.first?.sync {
            settle(sync: sync, hasFailed: false, report)
            syncCount -= 1
        }
        while syncCount > 0, first < said.count, said[first].hasOwnSyncs {
            let count = min(said[first].count, runCount, syncCount)
            guard count > 0 else { break }
            report(said[first].settled(.tookEffect, .ran, count: count))
            take(count)
            (runCount, syncCount) = (runCount - count, syncCount - count)
        }
        while runCount > 0 {
            let count = currentRan(.none, countMax: runCount)
            guard count > 0 else { return }
            runCount -= count
        }
    }

    private mutating func markTransaction(of sync: Int, _ mark: Mark) {
        for index in ran.indices where ran[index].sync == sync && ran[index].mark == .none { ran[index].mark = mark }
    }

    private mutating func compact() {
        if first == said.count {
            said.removeAll(keepingCapacity: said.capacity <= Self.capacityKept)
        } else if first >= Self.capacityKept, first >= said.count - first {
            said.removeSubrange(..<first)
        } else {
            return
        }
        first = 0
    }

    private static var capacityKept: Int { 1 << 10 }

    /// A Sync was answered.
    ///
    /// - Parameters:
    ///   - sync: its number.
    ///   - hasFailed: whether an error came before the answer.
    ///   - report: is given what is settled by that, in order.
    package mutating func settle(sync: Int, hasFailed: Bool, _ report: (Settled) -> Void) {
        let ranCount = ran.firstIndex { $0.sync > sync } ?? ran.count
        for entry in ran[..<ranCount] {
            let isUndone = entry.mark == .rolledBack || entry.mark == .none && hasFailed
            report(entry.settled(isUndone ? .undone : .tookEffect, .ran))
        }
        ran.removeSubrange(..<ranCount)
        var part = Part.failed
        while first < said.count, said[first].sync <= sync {
            // One has failed, and the others were skipped.
            let count = part == .failed ? 1 : said[first].count(upTo: sync)
            report(said[first].settled(part == .failed ? .undone : .notRun, part, count: count))
            take(count)
            part = .skipped
        }
    }

    /// Takes back everything, as if it had not been said; nil where not all of it belongs to one Sync, or a part of it was ended
    /// by COMMIT or ROLLBACK.
    package mutating func takeBack(sync: Int) -> [Item]? {
        guard ran.allSatisfy({ $0.sync == sync && $0.mark == .none && $0.count == 1 }),
            said[first...].allSatisfy({ $0.sync == sync && $0.count == 1 })
        else { return nil }
        let items = ran.map(\.item) + said[first...].map(\.item)
        removeAll()
        return items
    }

    /// The connection is lost: everything is settled.
    ///
    /// - Parameters:
    ///   - syncsSaid: how many Syncs were said.
    ///   - isInBlock: whether a transaction block is open, which ends with the connection.
    ///   - report: is given what is settled by that, in order.
    package mutating func lose(syncsSaid: Int, isInBlock: Bool, _ report: (Settled) -> Void) {
        // What may have committed decides for all before it.
        let lastEnd = said[first...].lastIndex { $0.mayEndTransaction }
        let mayCommit = { (sync: Int) in !isInBlock && sync < syncsSaid || lastEnd != nil }
        for entry in ran {
            switch entry.mark {
            case .committed: report(entry.settled(.tookEffect, .ran))
            case .rolledBack: report(entry.settled(.undone, .ran))
            case .none: report(entry.settled(mayCommit(entry.sync) ? .unknown : .undone, .ran))
            }
        }
        for (index, entry) in said.enumerated().dropFirst(first) {
            let isDecidedByEnd = index <= lastEnd ?? -1
            let unknownCount = isDecidedByEnd ? entry.count : isInBlock ? 0 : entry.count(upTo: syncsSaid - 1)
            let certainCount = entry.count - unknownCount
            if unknownCount > 0 { report(entry.settled(.unknown, .skipped, count: unknownCount)) }
            if certainCount > 0 { report(entry.settled(.undone, .skipped, count: certainCount)) }
        }
        removeAll()
    }

    private mutating func removeAll() { (said, first, ran, unansweredCount) = ([], 0, [], 0) }
}
