/// What the server has answered to runs of one statement that all went well.
package struct RunsAnswered: Hashable, Sendable {
    /// How many runs have ended.
    package var runCount = 0
    /// The rows of tables that they returned or touched.
    package var affectedCount = 0
    /// How many Syncs of runs were answered.
    package var syncCount = 0
    /// Whether a further run has been bound, or waits for the answer to its Sync.
    package var isWithinRun = false

    /// Nothing was answered.
    package init() {}
}

/// A statement that runs again and again with other parameters.
extension SessionStateMachine {
    /// Says runs of a statement, and moves their bytes to what is to be sent: there are none after that.
    ///
    /// What it returns is read past. The Sync is left to a later flight where the runs have none of their own.
    package mutating func start(_ runs: inout StatementRuns) throws(FrontendMessageError) {
        precondition(maySayMore, "runs are said on an idle session or in a pipeline")
        guard runs.count > 0 else { return }
        try limitSteps(adding: 1)
        var steps = RunSteps(runs.outcome, hasSync: runs.hasSync, runCount: runs.count)
        if phase == .skipping { steps.skipToSync() }
        awaitedSteps.compact()
        awaitedSteps.append(steps)
        if runs.hasSync { syncsSaid += runs.count }
        runs.move(to: &outbound)
        goOnIfWaiting()
    }

    /// Whether answers to runs of one statement come next, which `receiveRuns` takes.
    package var awaitsRuns: Bool { awaitedSteps.runsUnderWay != nil }

    /// Takes the answers to runs of one statement off the front of the slab: as many as are whole and say that all went well.
    ///
    /// It is the same as to give `receive` each message, and to pass over the events, but for what this costs. Everything else
    /// is left to that: the beginning and the end of a row of runs, errors, notices, and tags that count no rows.
    ///
    /// - Parameter rowBytesMax: the limit of the length of a row.
    /// - Returns: nil where there is no such answer.
    package mutating func receiveRuns(in slab: ReceiveSlab, rowBytesMax: Int) -> RunsAnswered? {
        guard var steps = awaitedSteps.runsUnderWay else { return nil }
        var walk = RunsWalk(steps, status: transactionStatus, rowBytesMax: rowBytesMax)
        let count = walk.take(from: slab.bytes(slab.start..<slab.end))
        guard count > 0 else { return nil }
        slab.consume(upTo: slab.start + count)
        steps.drop(walk.stepCount)
        awaitedSteps.runsUnderWay = steps
        syncsAnswered += walk.answered.syncCount
        phase = walk.place == 2 ? .finishing : .extended(steps.step(at: walk.place))
        walk.answered.isWithinRun = walk.place > 0
        return walk.answered
    }
}

/// Walks over the answers to runs, with all that it needs in one place.
private struct RunsWalk {
    /// The place of the answer that comes next among those of its run.
    private(set) var place: Int
    /// How many answers were passed over.
    private(set) var stepCount = 0
    var answered = RunsAnswered()
    private let lastPlace: Int
    /// How many answers follow that of the run that is at hand.
    private let stepCountMax: Int
    private let columnCount: Int?
    private let status: UInt8
    private let rowBytesMax: Int

    init(_ steps: RunSteps, status: TransactionStatus, rowBytesMax: Int) {
        place = steps.currentPlace
        lastPlace = steps.perRun - 1
        stepCountMax = steps.count - 1
        if case .rows(let columnCount) = steps.outcome { self.columnCount = columnCount } else { columnCount = nil }
        self.status = status.rawValue
        self.rowBytesMax = rowBytesMax
    }

    /// Passes over the messages at the front that it understands, and returns how many bytes they have.
    mutating func take(from bytes: RawSpan) -> Int {
        var offset = 0
        while stepCount < stepCountMax, bytes.byteCount - offset >= Deframer.headerBytes {
            let length = Int(bytes.bigEndian(at: offset + 1, as: Int32.self))
            guard length >= 4, length < bytes.byteCount - offset else { break }
            let body = bytes.extracting(offset + Deframer.headerBytes..<offset + 1 + length)
            guard takes(bytes.byte(at: offset), body) else { break }
            offset += 1 + length
        }
        return offset
    }

    private mutating func takes(_ type: UInt8, _ body: RawSpan) -> Bool {
        switch (type, place) {
        case (UInt8(ascii: "2"), 0):
            guard body.byteCount == 0 else { return false }
        case (UInt8(ascii: "D"), 1):
            return isRow(body)
        case (UInt8(ascii: "C"), 1):
            guard let rows = Self.rowCount(ofTag: body) else { return false }
            answered.runCount += 1
            answered.affectedCount += rows
        case (UInt8(ascii: "Z"), 2):
            guard body.byteCount == 1, body.byte(at: 0) == status else { return false }
            answered.syncCount += 1
        default: return false
        }
        stepCount += 1
        place = place == lastPlace ? 0 : place + 1
        return true
    }

    private func isRow(_ body: RawSpan) -> Bool {
        guard let columnCount, body.byteCount + 4 <= rowBytesMax, body.byteCount >= 2 + 4 * columnCount else {
            return false
        }
        return Int(body.bigEndian(at: 0, as: UInt16.self)) == columnCount
    }

    /// The number at the end of a tag; nil where there is none, or a large one.
    private static func rowCount(ofTag body: RawSpan) -> Int? {
        let end = body.byteCount - 1
        guard end > 0, end <= tagBytesMax, body.byte(at: end) == 0 else { return nil }
        let text = body.extracting(..<end)
        // A NUL would have ended the tag.
        guard let count = CommandTag.count(atEndOf: text), count <= countMax, !text.contains(0) else { return nil }
        return count
    }

    private static let tagBytesMax = 63
    /// The sum over all that fits into a slab fits into an Int.
    private static let countMax = 1_000_000_000_000
}
