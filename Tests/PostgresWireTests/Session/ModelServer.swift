import PostgresWire

/// A server that reads a client's bytes and knows what it may say next (manual: "Message Flow").
///
/// It is written from the manual and knows nothing of the session's phases: what the session expects has to follow from
/// the same messages.
struct ModelServer {
    private enum Stage {
        case closed, request, passwordVerdict, challenge, outcome, verdict, starting, serving
    }

    private enum Mode {
        /// The front message is answered.
        case answering
        /// A statement's parameters were described, and its columns follow.
        case describing
        /// After an error everything up to the Sync is skipped.
        case skipping
        case simpleRows
        case copyIn, copyOut, copyBoth
        /// The data of a COPY was sent, and its command ends.
        case copied
    }

    private var stage = Stage.closed
    private var mode = Mode.answering
    private var unread: [ClientMessage] = []
    /// The portals of the transaction.
    private var portals: [String: Portal] = [:]
    /// Whether the unnamed statement is a COPY that the client welcomes.
    private var isCopyParsed = false
    /// Whether the server has sent all the data of a copy of both directions.
    private var isDoneSending = false
    /// Whether anything was heard since ReadyForQuery.
    private var isInCycle = false
    /// Whether ReadyForQuery was said once.
    var hasBegun = false
    private(set) var status = TransactionStatus.idle

    private struct Portal {
        /// The columns of its rows; nil where there are none.
        var columnCount: Int?
        var mayCopy = false
        var isMissing = false
        /// A client that goes on with a portal that is gone takes it for what it was.
        static let missing = Portal(columnCount: 2, isMissing: true)
    }

    /// Whether the client was let in.
    var hasAccepted: Bool { stage == .starting || stage == .serving }

    mutating func beginStartup() { stage = .request }

    /// Takes in what the client says; the message that opens the session is no business of this model.
    mutating func hear(_ bytes: [UInt8]) {
        guard stage != .request else { return }
        for message in ClientMessage.all(in: bytes) where message.type != "p" {
            unread.append(message)
            isInCycle = true
        }
        skip()
    }

    /// The columns of the rows that may come now; nil where none may.
    var columnCount: Int? {
        if mode == .simpleRows { return 2 }
        return mode == .answering && unread.first?.type == "E" ? portal.columnCount : nil
    }

    /// Whether the client may send data of a COPY.
    var takesCopyData: Bool {
        guard isWelcome else { return false }
        switch mode {
        case .copyIn: return terminator == nil
        case .copyBoth: return terminator == nil
        default: return false
        }
    }

    /// Whether data of a COPY may come that the client wants.
    var sendsCopyData: Bool { isWelcome && (mode == .copyOut || mode == .copyBoth && !isDoneSending) }

    /// Whether a Sync is missing for anything to go on.
    var waitsForSync: Bool { stage == .serving && isInCycle && unread.isEmpty }

    /// The portal of the front message, which executes it.
    private var portal: Portal { portals[unread.first?.name ?? ""] ?? .missing }

    private var isWelcome: Bool {
        guard let message = unread.first else { return false }
        return message.type == "Q" ? message.text.contains("COPY") : portal.mayCopy
    }

    /// What ended the client's data.
    private var terminator: Int? { unread.dropFirst().firstIndex { $0.type == "c" || $0.type == "f" } }

    // MARK: what it may say

    /// The first of them leads to the end.
    var possibleWords: [ServerWord] {
        switch stage {
        case .closed: []
        case .request: [.ok, .cleartext, .sasl, .error]
        case .passwordVerdict, .verdict: [.ok, .error]
        case .challenge: [.challenge, .error]
        case .outcome: [.outcome, .error]
        case .starting: [.readyIdle, .key, .error]
        case .serving: possibleAnswers
        }
    }

    private static let readies: [ServerWord] = [.readyIdle, .readyInBlock, .readyFailed]

    private var possibleAnswers: [ServerWord] {
        switch mode {
        case .answering: return possibleOutcomes
        case .describing: return [.columns, .noData, .error]
        case .simpleRows, .copied: return [.completes, .error]
        case .copyOut: return isWelcome ? [.copyDone, .copyData, .error] : [.completes, .copyData, .copyDone, .error]
        case .copyIn:
            // Only what the client sends ends it, or a fault in its data.
            guard let terminator else { return isWelcome ? [.error] : [] }
            return unread[terminator].type == "c" ? [.completes, .error] : [.error]
        // Shutting down it says that the command is complete, and no more.
        case .copyBoth: return isDoneSending ? [.completes, .error] : [.copyDone, .copyData, .completes, .error]
        case .skipping: return unread.isEmpty ? [] : Self.readies
        }
    }

    /// What may become of the front message.
    private var possibleOutcomes: [ServerWord] {
        switch unread.first?.type {
        case "P": return [.parsed, .error]
        case "B": return [.bound, .error]
        case "C": return [.closed, .error]
        case "D":
            if unread.first?.isAboutStatement == true { return [.parameterTypes, .error] }
            return portal.isMissing ? [.error] : [.columns, .noData, .error]
        case "E": return possibleOfExecution
        case "S": return Self.readies + [.error]
        case "Q":
            let copies: [ServerWord] = isWelcome ? [.copyIn, .copyOut, .copyBoth] : [.copyIn, .copyOut]
            return Self.readies + [.columns, .completes, .empty, .error] + copies
        // A time limit may run out between two messages.
        default: return isInCycle ? [.error] : []
        }
    }

    private var possibleOfExecution: [ServerWord] {
        let portal = portal
        if portal.isMissing { return [.error] }
        if portal.columnCount != nil {
            return (unread[0].rowLimit > 0 ? [.completes, .suspended] : [.completes]) + [.error]
        }
        let words: [ServerWord] = [.completes, .empty, .copyOut, .error]
        if portal.mayCopy { return words + [.copyIn, .copyBoth] }
        return words + (isAlone ? [.copyIn] : [])
    }

    /// Whether nothing was said after the front message but a Sync.
    private var isAlone: Bool {
        let rest = unread.dropFirst().filter { $0.type != "H" }
        return rest.isEmpty || rest.count == 1 && rest[0].type == "S"
    }

    /// Whether a client may take the word without complaint, though a server that works would not say it.
    func tolerates(_ word: ServerWord) -> Bool {
        if possibleWords.contains(word) { return true }
        switch (stage, mode) {
        case (.starting, _): return word.isReady
        case (.serving, .copyIn): return !isWelcome && (word.isReady || word == .error)
        case (.serving, .skipping): return word == .error
        // The client cannot know that the portal is gone.
        case (.serving, .answering) where unread.first?.type == "E" && portal.isMissing:
            return word == .completes || word == .suspended
        // As if the statement were the last one, of a client that says one flight at a time.
        case (.serving, .answering):
            return word == .copyIn && unread.first?.type == "E" && unread.count { $0.type == "S" } <= 1
                && portal.columnCount == nil
        default: return false
        }
    }

    // MARK: saying it

    /// Says a word that is possible, and returns what the client has to make of it.
    mutating func say(_ word: ServerWord) -> SessionOutcome {
        switch stage {
        case .closed, .serving: break
        default: return sayAtStartup(word)
        }
        let meaning = meaning(of: word)
        switch word {
        case .error: fail()
        case .parameterTypes: mode = .describing
        case .copyIn: mode = .copyIn
        case .copyOut: mode = .copyOut
        case .copyBoth: (mode, isDoneSending) = (.copyBoth, false)
        case .copyData: break
        case .copyDone: endData()
        case .columns where unread.first?.type == "Q": mode = .simpleRows
        case .columns, .noData: describe(word == .columns ? 2 : nil)
        case .completes, .empty: complete()
        case .closed:
            if unread.first?.isAboutStatement == false { portals[unread[0].name] = nil }
            goOn()
        case .readyIdle, .readyInBlock, .readyFailed: beReady(word)
        default: goOn()
        }
        return meaning
    }

    private mutating func sayAtStartup(_ word: ServerWord) -> SessionOutcome {
        switch word {
        case .ok: stage = .starting
        case .cleartext: stage = .passwordVerdict
        case .sasl: stage = .challenge
        case .challenge: stage = .outcome
        case .outcome: stage = .verdict
        case .readyIdle: stage = .serving
        case .error: return .failed(isFatal: true)
        default: break
        }
        return meaning(of: word)
    }

    private mutating func describe(_ columnCount: Int?) {
        if unread.first?.isAboutStatement == false { portals[unread[0].name]?.columnCount = columnCount }
        goOn()
    }

    private mutating func complete() {
        guard unread.first?.type != "Q" else {
            mode = .answering
            if let terminator { unread.removeSubrange(1...terminator) }
            return
        }
        goOn()
    }

    private mutating func endData() {
        guard isWelcome else { return }
        isDoneSending = true
        if mode == .copyOut { mode = isSimple ? .answering : .copied }
        skip()
    }

    private var isSimple: Bool { unread.first?.type == "Q" }

    private mutating func fail() {
        // Within a COPY a Sync is not heeded.
        if mode == .copyIn, let terminator {
            unread.removeSubrange((isSimple ? 1 : 0)...terminator)
        }
        mode = .skipping
        skip()
    }

    private mutating func beReady(_ word: ServerWord) {
        status = word == .readyIdle ? .idle : word == .readyInBlock ? .inTransaction : .failed
        unread.removeFirst()
        mode = .answering
        if status != .inTransaction { portals = [:] }
        skip()
        isInCycle = !unread.isEmpty
    }

    /// The front message has its whole answer.
    private mutating func goOn() {
        mode = .answering
        unread.removeFirst()
        skip()
    }

    /// Passes over what is not answered.
    private mutating func skip() {
        if mode == .copyBoth, isDoneSending, let terminator {
            mode = isSimple ? .answering : .copied
            if isSimple { unread.removeSubrange(1...terminator) }
            return
        }
        while let message = unread.first {
            switch message.type {
            case "Q", "S": return
            // What is left of the data of a COPY that has ended.
            case "H", "X", "d", "c", "f": break
            case "P" where mode != .skipping:
                if message.name.isEmpty { isCopyParsed = message.text.contains("COPY") }
                return
            case "B" where mode != .skipping:
                portals[message.name] = Portal(
                    columnCount: message.statement == "kept" ? 2 : nil,
                    mayCopy: message.statement.isEmpty && isCopyParsed)
                return
            default: if mode != .skipping { return }
            }
            unread.removeFirst()
        }
    }

    private func meaning(of word: ServerWord) -> SessionOutcome {
        switch word {
        case .ok: .authenticated
        case .cleartext: .asked(.cleartextPassword)
        case .sasl: .asked(.sasl(mechanisms: ["SCRAM-SHA-256"]))
        case .challenge: .asked(.saslContinue([1]))
        case .outcome: .asked(.saslFinal([2]))
        case .parsed: .parsed
        case .bound: .bound
        case .parameterTypes: .parameterTypes([23])
        case .columns: .columns(["a", "b"])
        case .noData: .noColumns
        case .completes: .completed("DONE")
        case .suspended: .suspended
        case .empty: .emptyQuery
        case .copyIn: isWelcome ? .copyIn(Backend.formats) : .copyRefused
        case .copyOut: isWelcome ? .copyOut(Backend.formats) : .copyRefused
        case .copyBoth: .copyBoth(Backend.formats)
        case .copyData: isWelcome ? .copyData(0..<1) : .nothing
        case .copyDone: isWelcome ? .copyDone : .nothing
        case .error: .failed(isFatal: false)
        case .key, .closed: .nothing
        case .readyIdle: .ready(.idle)
        case .readyInBlock: .ready(.inTransaction)
        case .readyFailed: .ready(.failed)
        }
    }
}
