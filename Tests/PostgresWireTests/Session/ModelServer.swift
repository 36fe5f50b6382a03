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
        case simpleRows, copyIn, copyOut
    }

    private struct Message: Equatable {
        let type: Character
        let body: [UInt8]
    }

    private var stage = Stage.closed
    private var mode = Mode.answering
    private var unread: [Message] = []
    /// The columns of the rows that the portal returns; nil where it returns none.
    private var portal: Int?
    /// Whether ReadyForQuery was said once.
    var hasBegun = false
    private(set) var status = TransactionStatus.idle

    /// Whether the client was let in.
    var hasAccepted: Bool { stage == .starting || stage == .serving }

    mutating func beginStartup() { stage = .request }

    /// Takes in what the client says; the message that opens the session is no business of this model.
    mutating func hear(_ bytes: [UInt8]) {
        guard stage != .request else { return }
        var rest = bytes[...]
        while rest.count >= 5 {
            let length = rest.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
            let message = Message(
                type: Character(UnicodeScalar(rest[rest.startIndex])), body: Array(rest.dropFirst(5).prefix(length - 4))
            )
            if message.type != "p" { unread.append(message) }
            rest = rest.dropFirst(1 + length)
        }
        skip()
    }

    /// The columns of the rows that may come now; nil where none may.
    var columnCount: Int? {
        if mode == .simpleRows { return 2 }
        return mode == .answering && unread.first?.type == "E" ? portal : nil
    }

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

    private var possibleAnswers: [ServerWord] {
        let readies: [ServerWord] = [.readyIdle, .readyInBlock, .readyFailed]
        switch mode {
        case .describing: return [.columns, .noData, .error]
        case .simpleRows: return [.completes, .error]
        case .copyOut: return [.completes, .copyData, .copyDone, .error]
        // Only what the client sends ends it.
        case .copyIn: return unread.contains { $0.type == "f" } ? [.error] : []
        case .skipping: return unread.isEmpty ? [] : readies
        case .answering: break
        }
        switch unread.first?.type {
        case "P": return [.parsed, .error]
        case "B": return [.bound, .error]
        case "C": return [.closed, .error]
        case "D":
            return unread.first?.body.first == UInt8(ascii: "S")
                ? [.parameterTypes, .error] : [.columns, .noData, .error]
        case "E" where portal != nil: return [.completes, .error]
        // Only a query of the user's can be a COPY, and that comes last.
        case "E":
            return [.completes, .empty, .copyOut, .error] + (unread.dropFirst().first?.type == "S" ? [.copyIn] : [])
        case "S": return readies + [.error]
        case "Q": return readies + [.columns, .completes, .empty, .copyIn, .copyOut, .error]
        default: return []
        }
    }

    /// Whether a client may take the word without complaint, though a server that works would not say it.
    func tolerates(_ word: ServerWord) -> Bool {
        if possibleWords.contains(word) { return true }
        switch (stage, mode) {
        case (.starting, _): return word.isReady
        case (.serving, .copyIn): return word.isReady || word == .error
        case (.serving, .skipping): return word == .error
        // As if the statement were the last one.
        case (.serving, .answering): return word == .copyIn && unread.first?.type == "E" && portal == nil
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
        switch word {
        case .error: fail()
        case .parameterTypes: mode = .describing
        case .copyIn: mode = .copyIn
        case .copyOut: mode = .copyOut
        case .copyData, .copyDone: break
        case .columns where unread.first?.type == "Q": mode = .simpleRows
        case .columns, .noData: describe(word == .columns ? 2 : nil)
        case .completes, .empty: complete()
        case .readyIdle, .readyInBlock, .readyFailed: beReady(word)
        default: goOn()
        }
        return meaning(of: word)
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
        if unread.first?.body.first == UInt8(ascii: "P") { portal = columnCount }
        goOn()
    }

    private mutating func complete() {
        guard unread.first?.type != "Q" else {
            mode = .answering
            return
        }
        goOn()
    }

    private mutating func fail() {
        // Within a COPY a Sync is not heeded.
        if mode == .copyIn, let index = unread.firstIndex(where: { $0.type == "f" }) {
            let isSimple = unread.first?.type == "Q"
            unread.removeSubrange((isSimple ? 1 : 0)...index)
        }
        mode = .skipping
        skip()
    }

    private mutating func beReady(_ word: ServerWord) {
        status = word == .readyIdle ? .idle : word == .readyInBlock ? .inTransaction : .failed
        unread.removeFirst()
        (mode, portal) = (.answering, nil)
        skip()
    }

    /// The front message has its whole answer.
    private mutating func goOn() {
        mode = .answering
        unread.removeFirst()
        skip()
    }

    /// Passes over what is not answered.
    private mutating func skip() {
        while let message = unread.first {
            switch message.type {
            case "Q", "S": return
            case "H", "X": break
            case "f" where mode != .copyIn: break
            case "B" where mode != .skipping:
                let names = message.body.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
                portal = names.count > 1 && names[1].elementsEqual("kept".utf8) ? 2 : nil
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
        case .empty: .emptyQuery
        case .copyIn, .copyOut: .copyRefused
        case .error: .failed(isFatal: false)
        case .key, .closed, .copyData, .copyDone: .nothing
        case .readyIdle: .ready(.idle)
        case .readyInBlock: .ready(.inTransaction)
        case .readyFailed: .ready(.failed)
        }
    }
}
