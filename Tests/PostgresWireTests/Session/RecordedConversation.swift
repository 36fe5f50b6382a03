import PostgresTestSupport
import PostgresWire

/// A session that hears what a server once said, framed as the driver frames it.
struct RecordedConversation: ~Copyable {
    /// What a client makes of it.
    enum Heard: Hashable {
        case event(SessionOutcome)
        case row(String)
        case data(String)
        case violation(ProtocolViolation)
    }

    typealias Verb = (inout SessionStateMachine) throws -> Void

    private var session: SessionStateMachine
    private var buffer = ReceiveBuffer()
    private var deframer = Deframer()
    private var messageBytes = 0
    private(set) var heard: [Heard] = []
    /// What the client says, each when the session is idle.
    private var verbs: [Verb]
    /// What the client answers to the copies, each in its turn.
    private var copies: [Verb]

    var isIdle: Bool { session.isIdle && verbs.isEmpty }

    /// Creates the conversation of a session that is idle.
    init(_ session: consuming SessionStateMachine, saying verbs: [Verb], copies: [Verb]) {
        self.session = session
        (self.verbs, self.copies) = (verbs, copies)
        deframer.isAuthenticated = true
    }

    /// Says what is next, if the session is idle.
    mutating func proceed() throws {
        if session.isIdle, !verbs.isEmpty { try verbs.removeFirst()(&session) }
    }

    mutating func receive(_ bytes: [UInt8]) throws {
        buffer.makeRoom(messageBytes: messageBytes)
        let room = buffer.slab.room
        let count = buffer.slab.receive { output in
            for byte in bytes { output.append(byte) }
        }
        buffer.noteRead(count, room: room)
        while true {
            switch deframer.next(in: buffer.slab, columnCount: session.columnCount) {
            case .message(let type, let body): try take(type, body)
            case .rows(let rows): try take(rows)
            case .slabFull: buffer.makeRoom(messageBytes: 0)
            case .violation(let violation): return heard.append(.violation(violation))
            case .more(let bytes):
                messageBytes = bytes
                return
            }
        }
    }

    private mutating func take(_ type: UInt8, _ body: Range<Int>) throws {
        guard type != UInt8(ascii: "d") else {
            guard case .copyData(let data)? = try session.receiveCopyData(body) else { return }
            heard.append(.data(String(decoding: [UInt8](copying: buffer.slab.bytes(data)), as: UTF8.self)))
            return
        }
        let message = try BackendMessage(type: type, body: buffer.slab.bytes(body))
        let outcome = SessionOutcome(of: message, in: &session)
        if outcome != .nothing { heard.append(.event(outcome)) }
        switch outcome {
        case .copyIn, .copyBoth: if !copies.isEmpty { try copies.removeFirst()(&session) }
        case .ready: try proceed()
        default: break
        }
    }

    private mutating func take(_ rows: Range<Int>) throws {
        let types = ColumnTypes([ColumnType(typeOID: 25, format: .text)])
        let slab = buffer.slab
        for index in rows {
            var cells = unsafe slab.cells(ofRow: index, types: types)
            let values = try [[UInt8]?](copying: &cells)
            heard.append(.row(String(decoding: values.first.flatMap { $0 } ?? [], as: UTF8.self)))
        }
    }
}
