/// The answers to runs of one statement that are still to come: to each BindComplete, what its Execute leads to, and
/// ReadyForQuery where each run has its own Sync.
struct RunSteps: Hashable, Sendable {
    /// What each Execute leads to.
    let outcome: SessionPhase.ExtendedStep
    /// Whether each run has its own Sync.
    let hasSync: Bool
    /// How many answers are still to come.
    private(set) var count: Int

    init(_ outcome: SessionPhase.ExtendedStep, hasSync: Bool, runCount: Int) {
        self.outcome = outcome
        self.hasSync = hasSync
        count = runCount * (hasSync ? 3 : 2)
    }

    /// How many answers each run has.
    var perRun: Int { hasSync ? 3 : 2 }
    var isEmpty: Bool { count == 0 }
    /// The place of the next answer among those of its run.
    private var place: Int { (perRun - count % perRun) % perRun }
    /// Whether a run was answered in part.
    var isWithinRun: Bool { place > 0 }
    /// What comes next.
    var following: SessionPhase.ExtendedStep { step(at: place) }
    /// What comes last.
    var last: SessionPhase.ExtendedStep { step(at: perRun - 1) }

    /// The answer at a place among those of its run.
    func step(at place: Int) -> SessionPhase.ExtendedStep {
        switch place {
        case 0: .bindComplete
        case 1: outcome
        default: .sync
        }
    }

    /// Takes off the next answer.
    mutating func next() -> SessionPhase.ExtendedStep {
        defer { count -= 1 }
        return following
    }

    /// Takes off so many answers, less than there are.
    mutating func drop(_ taken: Int) { count -= taken }

    /// The place of the answer that was taken off last, where one was.
    var currentPlace: Int { (place + perRun - 1) % perRun }

    /// The first run was skipped up to its Sync, if it has one.
    mutating func skipToSync() { count = hasSync ? count - perRun + 1 : 0 }

    /// Appends others of the same kind, which have not begun; false where they are of another.
    mutating func merge(_ others: RunSteps) -> Bool {
        guard others.outcome == outcome, others.hasSync == hasSync, others.place == 0 else { return false }
        count += others.count
        return true
    }
}
