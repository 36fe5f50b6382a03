import PostgresTestSupport

/// A server that answers as Postgres does, but for one place at which it may do something else.
///
/// It knows one table, `numbers`, with the rows 1 and 2, which can be copied out and in, and takes every other statement for
/// a command.
struct HonestBackend {
    /// Whose answer the hook is in.
    enum Target: Sendable {
        /// A flight that runs a statement with these words in it.
        case running(String)
        /// A flight that only describes a statement.
        case describing
        /// The end of the data of a COPY from the client.
        case copyDone
    }

    /// How far the answer to the target is.
    enum Point: Int, CaseIterable, Sendable {
        case asked, parsed, bound, described, inRows, completed, ready
    }

    /// What comes after the hook.
    enum Continuation: Sendable {
        /// The rest of the honest answer.
        case honesty
        /// The rest of the answer is left out; the next flight is answered.
        case nextFlight
        /// Nothing ever.
        case silence
    }

    /// What is done otherwise, once.
    struct Hook: Sendable {
        var target = Target.running("numbers")
        var point: Point
        var steps: [Step]
        var continuation: Continuation
    }

    private var hook: Hook?
    private var isSilent = false
    private var flight: [ScriptedServer.FrontendFrame] = []
    private var statements: [String: String] = [:]
    private var status: Character = "I"
    private var steps: [Step] = []
    private var output = BackendBytes()
    /// Whether the rest of the present flight is left out.
    private var isSkipping = false
    /// Whether a COPY waits for data.
    private var isCopyingIn = false

    init(_ hook: Hook? = nil) { self.hook = hook }

    /// Lets the client in and is honest.
    static var script: [Step] { script(nil) }

    /// Lets the client in and is honest but for the hook.
    static func script(_ hook: Hook?) -> [Step] { [.expectStartup, .send(BackendBytes.welcome), serve(hook)] }

    /// Answers an established session.
    static func serve(_ hook: Hook? = nil) -> Step {
        .serve {
            var backend = HonestBackend(hook)
            return { backend.receive($0) }
        }
    }

    /// Takes in one message; a whole flight is answered at its end.
    mutating func receive(_ frame: ScriptedServer.FrontendFrame) -> [Step] {
        guard !isSilent else { return [] }
        flight.append(frame)
        switch Character(Unicode.Scalar(frame.type)) {
        case "S", "H", "Q": return answerFlight()
        default: return []
        }
    }

    private mutating func answerFlight() -> [Step] {
        let frames = flight
        (flight, steps, output, isSkipping) = ([], [], BackendBytes(), false)
        let isTarget = isTarget(frames)
        if isTarget { play(.asked) }
        var sql = ""
        var described = false
        for frame in frames where !isSilent && !isSkipping {
            let words = Self.strings(frame.body)
            switch Character(Unicode.Scalar(frame.type)) {
            case "P":
                statements[words[0]] = words[1]
                output = output.message("1")
            case "B":
                sql = statements[words[1]] ?? ""
                described = false
                if isTarget, isTargeted(sql) { play(.parsed) }
                if !isSkipping, !isSilent { output = output.message("2") }
            case "D" where frame.body.first == UInt8(ascii: "S"):
                sql = statements[Self.strings(Array(frame.body.dropFirst()))[0]] ?? ""
                if isTarget { play(.parsed) }
                let types = sql.contains("$1") ? [BackendBytes.int32(20)] : []
                if !isSkipping, !isSilent {
                    output = output.message("t", BackendBytes.int16(Int16(types.count)) + types.flatMap(\.self))
                }
                if isTarget { play(.bound) }
                if !isSkipping, !isSilent { describe(sql) }
                if isTarget { play(.described) }
            case "D":
                described = true
                if isTarget, isTargeted(sql) { play(.bound) }
                if !isSkipping, !isSilent { describe(sql) }
            case "E":
                if isTarget, isTargeted(sql) {
                    if !described { play(.bound) }
                    play(.described)
                }
                execute(sql, isTarget: isTarget && isTargeted(sql))
            case "c" where isCopyingIn:
                isCopyingIn = false
                output = output.complete("COPY 2")
                if isTarget { play(.completed) }
            case "C": output = output.message("3")
            case "f": output = output.error("ERROR", "57014", "COPY from stdin failed")
            case "Q":
                if words[0].contains("numbers") { describe(words[0]) }
                execute(words[0], isTarget: isTarget)
                output = output.ready(status)
            case "S": output = output.ready(status)
            default: break
            }
        }
        if isTarget, frames.last?.type != UInt8(ascii: "H") { play(.ready) }
        flush()
        return steps
    }

    private mutating func describe(_ sql: String) {
        output =
            sql.contains("numbers")
            ? output.message("T", BackendBytes.int16(1) + BackendBytes.column("n", typeOID: 20, size: 8))
            : output.message("n")
    }

    private mutating func execute(_ sql: String, isTarget: Bool) {
        guard !isSkipping, !isSilent else { return }
        if sql.isEmpty {
            output = output.message("I")
            return
        }
        if sql.hasPrefix("COPY") { return copy(sql, isTarget: isTarget) }
        if sql.contains("numbers") { output = output.rows(1...2) }
        if isTarget { play(.inRows) }
        guard !isSkipping, !isSilent else { return }
        let word = String(sql.prefix { $0 != " " && $0 != ";" }).uppercased()
        status = ["BEGIN": "T", "COMMIT": "I", "ROLLBACK": "I"][word] ?? status
        let tag = ["SELECT": "SELECT 0", "INSERT": "INSERT 0 1"][word] ?? word
        output = output.complete(sql.contains("numbers") ? "SELECT 2" : tag)
        if isTarget { play(.completed) }
    }

    /// Answers a COPY: with all of its data, or by waiting for some.
    private mutating func copy(_ sql: String, isTarget: Bool) {
        let format: UInt8 = sql.contains("binary") ? 1 : 0
        let formats = [format] + BackendBytes.int16(1) + BackendBytes.int16(Int16(format))
        isCopyingIn = sql.contains("STDIN")
        output = output.message(isCopyingIn ? "G" : "H", formats)
        if !isCopyingIn { output = BackendBytes(raw: output.bytes + CopiedNumbers.data(isBinary: format == 1)) }
        if isTarget { play(.inRows) }
        guard !isSkipping, !isSilent else {
            isCopyingIn = false
            return
        }
        guard !isCopyingIn else { return }
        output = output.message("c").complete("COPY 2")
        if isTarget { play(.completed) }
    }

    private mutating func flush() {
        if !output.bytes.isEmpty { steps.append(.sendUntilClosed(output.bytes)) }
        output = BackendBytes()
    }

    private mutating func play(_ point: Point) {
        guard !isSkipping, !isSilent, let hook, hook.point == point else { return }
        // What comes in one packet comes in one read.
        switch hook.steps.first {
        case .send(let bytes), .sendUntilClosed(let bytes):
            output = BackendBytes(raw: output.bytes + bytes)
            flush()
            steps += hook.steps.dropFirst()
        default:
            flush()
            steps += hook.steps
        }
        self.hook = nil
        switch hook.continuation {
        case .honesty: break
        case .nextFlight: isSkipping = true
        case .silence: isSilent = true
        }
    }

    // MARK: the target

    private func isTarget(_ frames: [ScriptedServer.FrontendFrame]) -> Bool {
        let types = frames.map { Character(Unicode.Scalar($0.type)) }
        switch hook?.target {
        case nil: return false
        case .describing: return types.contains("D") && !types.contains("E")
        case .copyDone: return types.contains("c")
        case .running(let words):
            guard types.contains("E") || types.contains("Q") else { return false }
            var known = statements
            return frames.contains { frame in
                let strings = Self.strings(frame.body)
                switch Character(Unicode.Scalar(frame.type)) {
                case "P": known[strings[0]] = strings[1]
                case "B": return known[strings[1]]?.contains(words) ?? false
                case "Q": return strings[0].contains(words)
                default: break
                }
                return false
            }
        }
    }

    private func isTargeted(_ sql: String) -> Bool {
        if case .running(let words)? = hook?.target { sql.contains(words) } else { hook != nil }
    }

    /// The strings at the front of a message; enough of them for every message that is looked into.
    private static func strings(_ body: [UInt8]) -> [String] {
        let parts = body.split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
        return parts.map { String(decoding: $0, as: UTF8.self) } + ["", ""]
    }
}
