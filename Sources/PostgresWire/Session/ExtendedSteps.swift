/// The answers that the server has still to give, in its order: those of all flights that were said, each flight's
/// followed by the ReadyForQuery of its Sync.
///
/// Indices: `0 <= first <= entries.count`; the entries in front of `first` have been taken. A flight that is alone finds the
/// array empty, and with the room that the one before it needed.
struct ExtendedSteps: Sendable {
    private enum Entry: Sendable {
        case step(SessionPhase.ExtendedStep)
        case runs(RunSteps)
    }

    private var entries: [Entry] = []
    private var first = 0

    /// The most that may be outstanding: two megabytes of them. The runs of one statement count as one.
    static let countMax = 1 << 16
    /// One long pipeline must not keep its memory for the life of the connection.
    private static let capacityKept = 1 << 10

    var isEmpty: Bool { first == entries.count }
    var count: Int { entries.count - first }
    /// What comes next; nil where nothing is outstanding.
    var following: SessionPhase.ExtendedStep? {
        guard !isEmpty else { return nil }
        switch entries[first] {
        case .step(let step): return step
        case .runs(let runs): return runs.following
        }
    }
    /// What comes last; nil where nothing is outstanding.
    var last: SessionPhase.ExtendedStep? {
        guard !isEmpty else { return nil }
        switch entries[entries.count - 1] {
        case .step(let step): return step
        case .runs(let runs): return runs.last
        }
    }

    mutating func append(_ step: SessionPhase.ExtendedStep) { entries.append(.step(step)) }

    /// Appends the answers to runs of a statement. Those of the same kind as the last ones are counted with them.
    mutating func append(_ runs: RunSteps) {
        guard !runs.isEmpty else { return }
        if !isEmpty, case .runs(var last) = entries[entries.count - 1], last.merge(runs) {
            entries[entries.count - 1] = .runs(last)
        } else {
            entries.append(.runs(runs))
        }
    }

    /// Takes back the steps after the first `count`.
    mutating func removeLast(after count: Int) {
        entries.removeLast(self.count - count)
    }

    /// Gives up the room of what was taken, so that a pipeline that never runs dry does not grow.
    mutating func compact() {
        guard first > 0, first >= count else { return }
        entries.removeSubrange(..<first)
        first = 0
    }

    /// Takes off the next step; nil after the last.
    mutating func next() -> SessionPhase.ExtendedStep? {
        guard first < entries.count else { return nil }
        switch entries[first] {
        case .step(let step):
            removeFirst()
            return step
        case .runs(var runs):
            let step = runs.next()
            if runs.isEmpty { removeFirst() } else { entries[first] = .runs(runs) }
            return step
        }
    }

    private mutating func removeFirst() {
        first += 1
        guard first == entries.count else { return }
        entries.removeAll(keepingCapacity: entries.capacity <= Self.capacityKept)
        first = 0
    }

    /// Takes off what the server skips after an error, and the end of the flight; nil where no Sync was said yet.
    mutating func nextSync() -> SessionPhase.ExtendedStep? {
        while !isEmpty {
            if case .runs(let runs) = entries[first], !runs.hasSync {
                removeFirst()
            } else if let step = next(), step == .sync || step == .ownSync {
                return step
            }
        }
        return nil
    }

    /// Says what the execution after a portal's description returns.
    mutating func describeExecution(columnCount: Int?) {
        guard !isEmpty, case .step(let step) = entries[first] else { return }
        switch (step, columnCount) {
        case (.limited, let columnCount?): entries[first] = .step(.limitedRows(columnCount: columnCount))
        case (.limited, nil): entries[first] = .step(.noRows)
        case (.noRows, let columnCount?), (.mayCopy, let columnCount?):
            entries[first] = .step(.rows(columnCount: columnCount))
        default: break
        }
    }

    /// Takes note that the Sync at the end was said.
    mutating func confirmLastSync() {
        guard !isEmpty else { return }
        entries[entries.count - 1] = .step(.sync)
    }

    /// The answers to the runs of which one has begun: its BindComplete was taken off, and more of it is to come. Nil where
    /// no run has.
    var runsUnderWay: RunSteps? {
        get {
            guard !isEmpty, case .runs(let runs) = entries[first], runs.isWithinRun else { return nil }
            return runs
        }
        set {
            guard let newValue else { return }
            entries[first] = .runs(newValue)
        }
    }
}
