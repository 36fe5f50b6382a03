import PostgresTestSupport
import PostgresWire

/// Runs of a statement among other flights, with what a server answers to them: mostly well, now and then with an error, a
/// notice, a tag without a number, or with what may not come.
struct RunsConversation {
    /// What a reader knows at the end.
    struct Reading: Equatable {
        var completedCount = 0
        var affectedCount = 0
        var readyCount = 0
        var failureCount = 0
        var noticeCount = 0
        var otherCount = 0
        var isViolated = false
        var isIdle = false
        var columnCount: Int?
        var syncsAnswered = 0
    }

    private var answer = BackendBytes()
    private let hasSync: Bool
    private let columnCount: Int?
    private let runCounts: [Int]
    private let splits: [Int]

    init(using generator: inout SeededGenerator) {
        hasSync = Bool.random(using: &generator)
        columnCount = Bool.random(using: &generator) ? Int.random(in: 0...2, using: &generator) : nil
        runCounts = (0..<Int.random(in: 1...3, using: &generator)).map { _ in Int.random(in: 1...6, using: &generator) }
        splits = (0..<40).map { _ in Int.random(in: 1...60, using: &generator) }
        answer = answer.message("1").message("2").complete("BEGIN")
        var isSkipping = false
        for _ in 0..<runCounts.reduce(0, +) {
            if !isSkipping { isSkipping = !runs(using: &generator) }
            guard hasSync else { continue }
            answer = answer.ready(Int.random(in: 0..<30, using: &generator) == 0 ? "T" : "I")
            isSkipping = false
        }
        answer = answer.ready()
    }

    /// Appends the answer to one run; false where it is an error.
    private mutating func runs(using generator: inout SeededGenerator) -> Bool {
        let kind = Int.random(in: 0..<40, using: &generator)
        switch kind {
        case 0: answer = answer.error("ERROR", "22012", "division by zero")
        case 1: answer = answer.message("2").error("ERROR", "22012", "division by zero")
        default:
            answer = answer.message("2")
            if kind == 2 { answer = answer.notice("here") }
            if let columnCount {
                for _ in 0..<Int.random(in: 0...3, using: &generator) {
                    // Now and then a row that has too few columns.
                    let isOdd = Int.random(in: 0..<60, using: &generator) == 0
                    answer = answer.row(Array(repeating: [1, 2, 3], count: columnCount + (isOdd ? 1 : 0)))
                }
            }
            answer = answer.complete(Self.tags.randomElement(using: &generator) ?? "")
            if kind == 3 { answer = answer.message("S", BackendBytes.string("a") + BackendBytes.string("b")) }
            if kind == 4 { answer = answer.message("2") }
            return true
        }
        return false
    }

    private static let tags = [
        "INSERT 0 1", "INSERT 0 12", "SELECT 3", "UPDATE 100", "DELETE 0", "SET", "MERGE 999999999999", "CREATE TABLE",
        "INSERT 0 1", "DISCARD ALL", "X1", " 5", "MOVE 12345678901234567890", "SELECT\05",
    ]

    /// Reads it all, taking answers to runs in one piece or each by itself, and short messages with or without making a
    /// message of them.
    func read(takesRuns: Bool, takesShort: Bool = false) throws -> Reading {
        var reader = Reader(session: try SessionStage.idle.session(), takesRuns: takesRuns, takesShort: takesShort)
        try say(to: &reader.session)
        var rest = answer.bytes[...]
        for size in splits where !rest.isEmpty {
            reader.receive(Array(rest.prefix(size)))
            rest = rest.dropFirst(size)
        }
        reader.receive(Array(rest))
        return reader.end()
    }

    private func say(to session: inout SessionStateMachine) throws(FrontendMessageError) {
        try session.say(andSync: false) { $0.run(command: "BEGIN") }
        for count in runCounts {
            var runs = try StatementRuns(
                of: "s", parameterCount: 0, resultFormats: [],
                result: columnCount.map(ExtendedFlight.Result.rows(columnCount:)) ?? .noRows, andSync: hasSync)
            var parameters = BoundParameters()
            for _ in 0..<count {
                runs.begin(&parameters)
                try runs.end(&parameters)
            }
            try session.start(&runs)
        }
        try session.sync()
    }

    private struct Reader: ~Copyable {
        var session: SessionStateMachine
        let takesRuns: Bool
        let takesShort: Bool
        private var reading = Reading()
        private let slab = ReceiveSlab(capacity: 64 << 10)
        private var deframer = Deframer()

        init(session: consuming SessionStateMachine, takesRuns: Bool, takesShort: Bool) {
            self.session = session
            self.takesShort = takesShort
            self.takesRuns = takesRuns
            deframer.isAuthenticated = true
        }

        mutating func receive(_ bytes: [UInt8]) {
            _ = slab.receive { output in for byte in bytes { output.append(byte) } }
            while !reading.isViolated {
                if takesRuns, let answered = session.receiveRuns(in: slab, rowBytesMax: deframer.limits.rowBytesMax) {
                    reading.completedCount += answered.runCount
                    reading.affectedCount += answered.affectedCount
                    reading.readyCount += answered.syncCount
                    continue
                }
                if takesShort, let event = session.receiveShort(in: slab) {
                    note(event)
                    continue
                }
                switch deframer.next(in: slab, columnCount: session.columnCount) {
                case .message(let type, let body): take(type, body)
                case .rows: break
                case .violation: reading.isViolated = true
                case .more, .slabFull: return
                }
            }
        }

        private mutating func take(_ type: UInt8, _ body: Range<Int>) {
            let slab = slab
            do throws(ProtocolViolation) {
                note(try session.receive(BackendMessage(type: type, body: slab.bytes(body))))
            } catch {
                reading.isViolated = true
            }
        }

        private mutating func note(_ event: SessionEvent?) {
            switch event {
            case .completed(let tag):
                reading.completedCount += 1
                reading.affectedCount = reading.affectedCount &+ (tag.rows ?? 0)
            case .ready: reading.readyCount += 1
            case .failed: reading.failureCount += 1
            case .notice: reading.noticeCount += 1
            case .bound, nil: break
            default: reading.otherCount += 1
            }
        }

        consuming func end() -> Reading {
            reading.isIdle = session.isIdle
            reading.columnCount = session.columnCount
            reading.syncsAnswered = session.syncsAnswered
            return reading
        }
    }
}
