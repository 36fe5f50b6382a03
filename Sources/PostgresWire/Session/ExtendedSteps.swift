/// The answers that the server has still to give, in its order: those of all flights that were said, each flight's
/// followed by the ReadyForQuery of its Sync.
///
/// Indices: `0 <= first <= steps.count`; the steps in front of `first` have been taken. A flight that is alone finds the
/// array empty, and with the room that the one before it needed.
struct ExtendedSteps: Sendable {
    private var steps: [SessionPhase.ExtendedStep] = []
    private var first = 0

    /// The most that may be outstanding: a megabyte of them.
    static let countMax = 1 << 16
    /// One long pipeline must not keep its memory for the life of the connection.
    private static let capacityKept = 1 << 10

    var isEmpty: Bool { first == steps.count }
    var count: Int { steps.count - first }
    /// What comes next; nil where nothing is outstanding.
    var following: SessionPhase.ExtendedStep? { isEmpty ? nil : steps[first] }
    /// What comes last; nil where nothing is outstanding.
    var last: SessionPhase.ExtendedStep? { isEmpty ? nil : steps[steps.count - 1] }

    mutating func append(_ step: SessionPhase.ExtendedStep) { steps.append(step) }

    /// Takes back the steps after the first `count`.
    mutating func removeLast(after count: Int) {
        steps.removeLast(self.count - count)
    }

    /// Gives up the room of what was taken, so that a pipeline that never runs dry does not grow.
    mutating func compact() {
        guard first > 0, first >= count else { return }
        steps.removeSubrange(..<first)
        first = 0
    }

    /// Takes off the next step; nil after the last.
    mutating func next() -> SessionPhase.ExtendedStep? {
        guard first < steps.count else { return nil }
        let step = steps[first]
        first += 1
        if first == steps.count { removeAll() }
        return step
    }

    /// Takes off what the server skips after an error, and the end of the flight; nil where no Sync was said yet.
    mutating func nextSync() -> SessionPhase.ExtendedStep? {
        while let step = next() {
            if step == .sync || step == .ownSync { return step }
        }
        return nil
    }

    /// Says what the execution after a portal's description returns.
    mutating func describeExecution(columnCount: Int?) {
        guard !isEmpty else { return }
        switch (steps[first], columnCount) {
        case (.limited, let columnCount?): steps[first] = .limitedRows(columnCount: columnCount)
        case (.limited, nil): steps[first] = .noRows
        case (.noRows, let columnCount?), (.mayCopy, let columnCount?): steps[first] = .rows(columnCount: columnCount)
        default: break
        }
    }

    /// Takes note that the Sync at the end was said.
    mutating func confirmLastSync() {
        guard !isEmpty else { return }
        steps[steps.count - 1] = .sync
    }

    private mutating func removeAll() {
        steps.removeAll(keepingCapacity: steps.capacity <= Self.capacityKept)
        first = 0
    }
}
