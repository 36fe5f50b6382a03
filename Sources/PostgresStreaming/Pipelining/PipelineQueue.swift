/// What a pipeline's queue counts together where it follows itself, such as the rows of `executeMany`.
package protocol PipelineItem {
    /// Whether the two belong to one statement that runs again and again.
    func continues(_ other: Self) -> Bool
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
        let sync: Int
        let mayEndTransaction: Bool
        var count = 1
        var mark = Mark.none

        func settled(_ outcome: PipelineOutcome, _ part: Part) -> Settled {
            Settled(item: item, count: count, outcome: outcome, part: part)
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
    package var unansweredCount: Int { said.count - first }

    /// Whether nothing waits for its answer, nor for that to its Sync.
    package var isEmpty: Bool { unansweredCount == 0 && ran.isEmpty }

    /// Gives `body` everything that is not settled, in order.
    package func forEach(_ body: (Item) -> Void) {
        for entry in ran { body(entry.item) }
        for entry in said[first...] { body(entry.item) }
    }

    /// A statement was said.
    ///
    /// - Parameters:
    ///   - sync: the number of the Sync that settles it, which never falls.
    ///   - mayEndTransaction: whether it may end the transaction by its words.
    package mutating func append(_ item: Item, sync: Int, mayEndTransaction: Bool = false) {
        said.append(Entry(item: item, sync: sync, mayEndTransaction: mayEndTransaction))
    }

    /// The current statement has run.
    package mutating func currentRan(_ mark: Mark = .none) {
        guard first < said.count else { return }
        let entry = said[first]
        first += 1
        compact()
        if mark != .none { markTransaction(of: entry.sync, mark) }
        if let last = ran.indices.last, ran[last].sync == entry.sync, ran[last].mark == mark,
            entry.item.continues(ran[last].item)
        {
            ran[last].count += 1
        } else {
            ran.append(entry)
            ran[ran.count - 1].mark = mark
        }
    }

    private mutating func markTransaction(of sync: Int, _ mark: Mark) {
        for index in ran.indices where ran[index].sync == sync && ran[index].mark == .none { ran[index].mark = mark }
    }

    private mutating func compact() {
        if first == said.count {
            said.removeAll(keepingCapacity: said.capacity <= Self.capacityKept)
        } else if first >= Self.capacityKept, first >= unansweredCount {
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
            let entry = said[first]
            first += 1
            report(entry.settled(part == .failed ? .undone : .notRun, part))
            part = .skipped
        }
        compact()
    }

    /// Takes back everything, as if it had not been said; nil where not all of it belongs to one Sync, or a part of it was ended
    /// by COMMIT or ROLLBACK.
    package mutating func takeBack(sync: Int) -> [Item]? {
        guard ran.allSatisfy({ $0.sync == sync && $0.mark == .none && $0.count == 1 }),
            said[first...].allSatisfy({ $0.sync == sync })
        else { return nil }
        let items = ran.map(\.item) + said[first...].map(\.item)
        (said, first, ran) = ([], 0, [])
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
            let isCertain = !(!isInBlock && entry.sync < syncsSaid || index <= lastEnd ?? -1)
            report(entry.settled(isCertain ? .undone : .unknown, .skipped))
        }
        (said, first, ran) = ([], 0, [])
    }
}
