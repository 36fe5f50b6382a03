import PostgresTestSupport

/// A backend in memory: reads messages one by one, answers them, sends rows as far as there is room, and can be cancelled.
final class ServerSession {
    /// The kinds of statement that the scenarios run.
    private enum Statement {
        /// So many rows, the numbers from 1; after `stallAfter` of them the server takes its time.
        case rows(count: Int, stallAfter: Int?)
        case command(tag: String)
        case failing
    }

    private struct Running {
        var next: Int
        let count: Int
        let stallAfter: Int?
        let isSimple: Bool
    }

    let processID: Int32
    let secretKey: [UInt8]
    private var hasStarted = false
    private var statements: [String: Statement] = [:]
    private var portal = Statement.command(tag: "")
    private var running: Running?
    private var isSkipping = false
    private var status: Character = "I"
    /// Until when a statement takes its time.
    private(set) var stalledUntil: Int64?
    private var isCancelled = false
    /// Whether the session is over, by whatever end.
    private(set) var hasEnded = false

    init(processID: Int32) {
        self.processID = processID
        secretKey = BackendBytes.int32(processID &* 77)
    }

    func hasWork(_ socket: VirtualSocket, at time: Int64) -> Bool {
        guard !hasEnded, !socket.hasEnd else { return false }
        if running != nil {
            if isCancelled { return true }
            return socket.hasRoomForServer && stalledUntil.map { $0 <= time } ?? true
        }
        return socket.hasRoomForServer && hasMessage(socket)
    }

    private func hasMessage(_ socket: VirtualSocket) -> Bool {
        let start = hasStarted ? 1 : 0
        guard socket.input.count >= start + 4 else { return false }
        return socket.input.count >= start + length(socket.input, at: start)
    }

    private func length(_ bytes: [UInt8], at start: Int) -> Int {
        // The long ones do not fit the window, so two bytes are enough.
        Int(bytes[start + 2]) << 8 | Int(bytes[start + 3])
    }

    /// Does one thing, and says which.
    func work(_ socket: VirtualSocket, _ sessions: inout SessionTable, _ world: World) -> String {
        if running != nil { return run(socket, world) }
        let start = hasStarted ? 1 : 0
        let count = start + length(socket.input, at: start)
        let message = Array(socket.input.prefix(count))
        socket.input.removeFirst(count)
        guard hasStarted else { return begin(message, socket, &sessions) }
        let type = Character(UnicodeScalar(message[0]))
        answer(type, Array(message.dropFirst(5)), socket)
        return "reads \(type)"
    }

    private func begin(_ message: [UInt8], _ socket: VirtualSocket, _ sessions: inout SessionTable) -> String {
        guard message.count == 16, message[4...7].elementsEqual(BackendBytes.int32(80_877_102)) else {
            hasStarted = true
            socket.output +=
                BackendBytes().authentication(0).parameter("client_encoding", "UTF8")
                .parameter("server_version", "17.0").message("K", BackendBytes.int32(processID) + secretKey).ready()
                .bytes
            return "welcomes"
        }
        sessions.cancel(processID: Array(message[8..<12]), secretKey: Array(message[12..<16]))
        end(socket)
        return "cancels"
    }

    /// The process that asked for it is interrupted; one that runs nothing forgets that.
    func cancel() { isCancelled = running != nil }

    func end(_ socket: VirtualSocket?) {
        hasEnded = true
        socket?.hasEnd = true
    }

    // MARK: messages

    private func answer(_ type: Character, _ body: [UInt8], _ socket: VirtualSocket) {
        if isSkipping, type != "S" { return }
        let texts = body.split(separator: 0, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        switch type {
        case "P":
            statements[texts[0]] = Self.statement(texts[1])
            socket.output += BackendBytes().message("1").bytes
        case "B":
            portal = statements[texts[1]] ?? .failing
            socket.output += BackendBytes().message("2").bytes
        case "C": socket.output += BackendBytes().message("3").bytes
        case "D": describe(body, texts[0], socket)
        case "E": execute(portal, isSimple: false, socket)
        case "S":
            isSkipping = false
            socket.output += BackendBytes().ready(status).bytes
        case "Q": runSimple(texts[0], socket)
        case "X": end(socket)
        default: break
        }
    }

    private func describe(_ body: [UInt8], _ name: String, _ socket: VirtualSocket) {
        let isStatement = body.first == UInt8(ascii: "S")
        let statement = isStatement ? statements[String(name.dropFirst())] ?? .failing : portal
        var answer = BackendBytes()
        if isStatement { answer = answer.message("t", BackendBytes.int16(0)) }
        if case .rows = statement { answer = answer.message("T", Self.columns) } else { answer = answer.message("n") }
        socket.output += answer.bytes
    }

    private func execute(_ statement: Statement, isSimple: Bool, _ socket: VirtualSocket) {
        switch statement {
        case .rows(let count, let stallAfter):
            guard status != "E" else { return fail("25P02", "current transaction is aborted", socket, isSimple) }
            running = Running(next: 1, count: count, stallAfter: stallAfter, isSimple: isSimple)
        case .failing: fail("42P01", "relation does not exist", socket, isSimple)
        case .command(let tag):
            switch tag {
            case "BEGIN": status = "T"
            case "COMMIT", "ROLLBACK": status = "I"
            default: if status == "E" { return fail("25P02", "current transaction is aborted", socket, isSimple) }
            }
            socket.output += tag.isEmpty ? BackendBytes().message("I").bytes : BackendBytes().complete(tag).bytes
        }
    }

    private func runSimple(_ sql: String, _ socket: VirtualSocket) {
        for part in sql.split(separator: ";") { execute(Self.statement(String(part)), isSimple: true, socket) }
        if sql.isEmpty { socket.output += BackendBytes().message("I").bytes }
        if running == nil { socket.output += BackendBytes().ready(status).bytes }
    }

    private func fail(_ state: String, _ text: String, _ socket: VirtualSocket, _ isSimple: Bool) {
        socket.output += BackendBytes().error("ERROR", state, text).bytes
        if status == "T" { status = "E" }
        isSkipping = !isSimple
    }

    // MARK: rows

    private func run(_ socket: VirtualSocket, _ world: World) -> String {
        guard var work = running else { return "" }
        if isCancelled {
            (isCancelled, running, stalledUntil) = (false, nil, nil)
            fail("57014", "canceling statement due to user request", socket, work.isSimple)
            if work.isSimple { socket.output += BackendBytes().ready(status).bytes }
            return "is cancelled"
        }
        if stalledUntil != nil {
            stalledUntil = nil
        } else if work.next - 1 == work.stallAfter, work.next <= work.count {
            stalledUntil = world.now + Int64(world.random(1...20)) * 1_000_000
            return "stalls"
        }
        guard work.next <= work.count else {
            running = nil
            socket.output += BackendBytes().complete("SELECT \(work.count)").bytes
            if work.isSimple { socket.output += BackendBytes().ready(status).bytes }
            return "completes"
        }
        let stall = work.stallAfter.flatMap { $0 >= work.next ? $0 : nil } ?? .max
        let last = min(work.count, work.next + world.random(0...20), stall)
        for number in work.next...last { socket.output += Self.rows[number] }
        work.next = last + 1
        running = work
        return "sends to \(last)"
    }

    private static let rows = (0...100).map { BackendBytes().rows(Int64($0)...Int64($0)).bytes }
    private static let columns = BackendBytes.int16(1) + BackendBytes.column("n", typeOID: 20, size: 8)

    /// `SELECT rows 40`, `SELECT rows 40 stall 7`, `SELECT failing`, and commands.
    private static func statement(_ sql: String) -> Statement {
        let words = sql.split(separator: " ").map(String.init)
        switch (words.first ?? "", words.dropFirst().first ?? "") {
        case ("SELECT", "rows"):
            return .rows(count: Int(words[2]) ?? 0, stallAfter: words.count > 4 ? Int(words[4]) : nil)
        case ("SELECT", "failing"): return .failing
        case ("SELECT", _): return .command(tag: "SELECT 0")
        case (let verb, _): return .command(tag: verb)
        }
    }
}
