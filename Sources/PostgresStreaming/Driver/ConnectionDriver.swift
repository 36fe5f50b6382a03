import PostgresTransport
import PostgresWire

/// One connection at work: joins the session to the channel that its messages go through, and to what runs statements.
///
/// `nextEvent` takes messages as they come; `answers` is the one loop of the verbs, which sends, reads and waits. The caller's
/// task does the reading: nothing runs in the background, and a server whose answer is not read has to wait.
final class ConnectionDriver {
    let channel: MessageChannel
    /// How far the conversation with the server has come.
    var session: SessionStateMachine {
        @inline(__always) _read { yield ownSession.value }
        @inline(__always) _modify { yield &ownSession.value }
    }
    private let ownSession = Owned(SessionStateMachine())
    /// What runs the statements.
    let runner: StatementRunner
    /// What exists only until the session is ready; nil from then on.
    private(set) var opening: OpeningProgress?
    /// What is known of the server at the other end.
    var peer: ConnectionPeer
    /// What the server said by itself.
    let news = SessionNews()
    /// What the server reported of its run-time parameters.
    private(set) var parameters = ServerParameters()
    /// How long the connection waits, and what else holds for all of its queries.
    let settings: ConnectionSettings
    /// The observer of the connection; nil where there is none.
    let observation: ConnectionObservation?
    /// The query that is yet to be handed to the kernel whole, for who listens to it.
    var queryToSend: QueryObservation?
    /// Where the connection's stream waits for something else than the server.
    let flowCell: ReadinessCell
    /// What the open stream demands of every read; nil where no stream is open.
    private(set) var regulator: StreamRegulator?
    /// The limits for waiting that are in force.
    let scopedDeadline = ScopedDeadline()
    /// What cleaning up has taken since the last call, of the time for it.
    var cleanUpSpent = Duration.zero
    /// Why the connection cannot be used any more.
    private(set) var failure: PostgresError?
    /// Whether the session was ready once, and so was counted as a connection.
    private var hasOpened = false

    /// - Parameter deadline: when the session has to be ready.
    init(
        socket: Socket, address: SocketAddress, limits: MessageLimits, settings: ConnectionSettings,
        statements: consuming sending StatementCache, observation: ConnectionObservation?, tracer: WireTracer?,
        deadline: MonotonicTime
    ) {
        self.settings = settings
        self.observation = observation
        peer = ConnectionPeer(address: address)
        runner = StatementRunner(statements)
        let cell = ReadinessCell(loop: socket.loop)
        flowCell = cell
        let metrics = observation?.metrics
        let account = SlabAccount(partOf: metrics?.streams.memory) { cell.signal(.readable) }
        channel = MessageChannel(socket, limits: limits, account: account, metrics: metrics, tracer: tracer)
        opening = OpeningProgress()
        scopedDeadline.begin(until: deadline)
    }

    deinit { terminate() }

    var loop: EventLoop { channel.socket.loop }
    /// The slab in which the rows of the last event lie.
    var slab: ReceiveSlab { channel.slab }
    /// The statements that this connection knows.
    var statements: StatementCache { runner.statements }
    /// How long the connection waits, and for what.
    var times: TimeLimits { settings.times }
    /// Breaks the connection for those who do not own the driver.
    var breaker: SocketBreaker { channel.socket.breaker }

    /// Hands to the kernel what is to be sent, as far as it takes it at once.
    func flush() {
        guard !session.outbound.isEmpty || channel.socket.hasPendingOutput else { return }
        channel.send(&session.outbound)
        guard let queryToSend, session.outbound.isEmpty else { return }
        self.queryToSend = nil
        if channel.sendFailure == nil { queryToSend.sent() }
    }

    /// From now on the open stream demands this of every read; nil where no stream is open.
    func regulate(by regulator: StreamRegulator?) {
        self.regulator = regulator
        channel.limitSlabs(to: regulator?.slabBytesMax)
        if channel.framesValues { channel.frameWholeRows() }
    }

    // MARK: the beginning and the end

    /// The session is ready for its caller.
    func endOpening(_ transport: Transport, since start: Int64) {
        news.begin(with: parameters.values)
        opening = nil
        scopedDeadline.lift()
        hasOpened = true
        observation?.opened(transport, to: peer.address, peer.tls, session.protocolVersion, since: start)
    }

    /// What the connection waits for, or failed at, while it is being opened.
    var step: ConnectStep { opening?.step(at: session.startupStage) ?? .opening }

    /// Ends the connection for the reason given; the first reason stays.
    func fail(_ error: PostgresError) {
        if failure == nil {
            failure = error
            peer.seat = nil
            opening?.failed(at: session.startupStage)
            if hasOpened { observation?.closed(error, receivedBytes: channel.receivedBytes) }
        }
        session.abandon()
        channel.socket.close()
    }

    /// Says good-bye as far as the kernel takes it at once, and closes.
    func terminate() {
        guard failure == nil else { return }
        session.terminate()
        flush()
        fail(PostgresError(.connectionClosed, "the connection was closed", isConnectionUsable: false))
    }

    // MARK: in

    /// Takes events off the bytes at hand until there is one for a verb; nil where the bytes do not suffice.
    func nextEvent() throws(PostgresError) -> SessionEvent? {
        do throws(ProtocolViolation) {
            if let answered = runsAnswered() { return .ran(answered) }
            while true {
                // First of all: what is within a value may look like a message. The row with a transaction's number is whole.
                if channel.framesValues, runner.running?.questionAsked == nil,
                    let frame = channel.nextPart(columnCount: session.columnCount)
                {
                    return try event(of: frame)
                }
                if let event = shortEvent() { return event }
                let columnCount = session.columnCount
                let takesCopyData = columnCount == nil && session.awaitsCopyData
                switch channel.next(
                    isAuthenticated: session.isAuthenticated, awaitsGreeting: session.awaitsGreeting,
                    columnCount: columnCount, takesCopyData: takesCopyData)
                {
                case .rows(let rows):
                    if !runner.noteAnswer(rows, in: slab) { return .rows(rows) }
                case .message(let type, let body):
                    if let event = try take(BackendMessage(type: type, body: slab.bytes(body))) { return event }
                case .violation(let violation): throw violation
                case .more, .slabFull:
                    if columnCount != nil || takesCopyData, channel.dropLongRow() { fail(.leftWithinRow) }
                    if failure == nil { return nil }
                }
                if let failure { throw ProtocolViolation(.unexpectedMessage, failure.message) }
            }
        } catch {
            if failure == nil { observation?.violated(messageType: channel.lastMessageType) }
            let reason = failure ?? PostgresError(error, isConnecting: opening != nil)
            fail(reason)
            throw reason
        }
    }

    /// What a part of a row means; nil where more has to be read.
    private func event(of frame: PartFrame) throws(ProtocolViolation) -> SessionEvent? {
        switch frame {
        case .part(let part): return .part(part)
        case .more: return nil
        case .violation(let violation): throw violation
        }
    }

    /// Takes off a short message of the kind that comes with every run, unless each message is written down.
    private func shortEvent() -> SessionEvent? {
        guard !channel.isTraced, let event = ownSession.value.receiveShort(in: slab) else { return nil }
        return noted(event)
    }

    /// Takes off what runs of one statement were answered with, unless each message is written down.
    private func runsAnswered() -> RunsAnswered? {
        session.awaitsRuns && !channel.isTraced
            ? session.receiveRuns(in: slab, rowBytesMax: channel.rowBytesMax) : nil
    }

    /// Takes in what came in one read with the end of the last answer.
    ///
    /// Between two verbs a server may give notice, or say why it goes. The answer to what was not asked would be taken for
    /// that of the next question, and so is a violation.
    func takeUnasked() throws(PostgresError) {
        guard session.isIdle else { return }
        while try nextEvent() != nil {}
    }

    /// Lets the session see one message; handles here what is no verb's business.
    private func take(_ message: BackendMessage) throws(ProtocolViolation) -> SessionEvent? {
        let isAuthenticated = session.isAuthenticated
        // An error that ends the session also ends the stage that it came in.
        if let opening, let stage = session.startupStage { opening.step = .startup(stage) }
        switch try session.receive(message) {
        case .failed(let fields, isFatal: true):
            fail(
                opening.map {
                    PostgresError(connecting: fields, isAuthenticated: isAuthenticated, hint: $0.passwordHint)
                }
                    ?? PostgresError(server: fields, isFatal: true))
            return nil
        case .parameterChanged(let status):
            try parameters.note(status)
            statements.searchPath.note(status)
            if opening == nil { news.note(status) }
            return nil
        case .notice(let fields):
            observation?.noticed(fields, isFromVerifiedServer: isAuthenticated)
            // Before the server has proven itself anyone may say anything.
            if isAuthenticated { news.note(PostgresNotice(fields, isFromVerifiedServer: true)) }
            return nil
        case .notified(let message):
            let (isFirst, hasRoom) = news.note(PostgresNotification(message, receivedAt: .now))
            if isFirst { observation?.notificationIsNotAskedFor() }
            return hasRoom ? nil : .notified(message)
        case nil:
            return nil
        case let event?: return noted(event)
        }
    }

    /// Tells of an event who has to know of it; nil where it is no verb's business.
    private func noted(_ event: SessionEvent) -> SessionEvent? {
        if case .ready(let status) = event {
            news.note(status)
            channel.socket.releaseBuffers()
        }
        return runner.note(event, session.transactionStatus) ? event : nil
    }

    // MARK: reading and waiting

    /// Reads what is there; false where nothing is.
    func readOnce() throws(PostgresError) -> Bool {
        do throws(TransportError) {
            try checkLimits()
            let (count, isFull) = try channel.read()
            regulator?.noteRead(bytes: count, isFull: isFull)
            return count > 0
        } catch {
            throw reason(error)
        }
    }

    /// Asked before every read: with a server that sends without end there is never a wait that would notice.
    private func checkLimits() throws(TransportError) {
        guard !Task.isCancelled else { throw .cancelled }
        if let nextDeadline, MonotonicTime.now >= nextDeadline { throw .timedOut }
    }

    /// When waiting for the server ends: at the verb's deadline or at the stream's.
    private var nextDeadline: MonotonicTime? {
        guard let deadline, let other = regulator?.deadline else { return deadline ?? regulator?.deadline }
        return min(deadline, other)
    }

    /// When waiting for the server ends for a moment, if not for good: where there is something to report of the stream.
    private var nextLook: MonotonicTime? {
        guard let report = regulator?.nextReport else { return nextDeadline }
        return nextDeadline.map { min($0, report) } ?? report
    }

    /// Holds a read back as long as the open stream is paused or lacks memory.
    nonisolated(nonsending) func permitRead(_ regulator: StreamRegulator) async throws(PostgresError) {
        if session.columnCount != nil, !channel.framesValues {
            try regulator.check(valueBytes: slab.longestValueInPartialRow)
        }
        if session.awaitsCopyData { try regulator.check(valueBytes: slab.copyDataBytesInPartialMessage) }
        try await regulator.permitRead { channel.slabToTake() }
    }

    /// Lets bytes gather.
    nonisolated(nonsending) func nap(for time: Duration) async throws(PostgresError) {
        do throws(TransportError) {
            try await channel.socket.nap(until: .now + time)
        } catch {
            throw reason(error)
        }
    }

    /// Waits until the server has said something, or takes what is to be sent.
    @inline(__always)
    nonisolated(nonsending) func waitForServer() async throws(PostgresError) {
        do throws(TransportError) {
            try await channel.wait(hasOutput: !session.outbound.isEmpty, until: nextLook)
        } catch {
            if error == .timedOut, let regulator, regulator.reportLongSnapshot(at: .now) || regulator.excusesSilence() {
                return
            }
            throw reason(error)
        }
    }

    /// Says what a failure of the transport means, and ends the connection unless only the wait is over.
    private func reason(_ error: TransportError) -> PostgresError {
        // Closed on this side while we waited.
        if let failure { return failure }
        let reason =
            opening == nil
            ? PostgresError(lost: error, isCutOff: breaker.isBroken) : PostgresError(connecting: error, while: step)
        switch error {
        case .cancelled, .timedOut: break
        default: fail(reason)
        }
        return reason
    }
}

extension ConnectionDriver: CustomReflectable {
    /// Shows nothing, so that no `dump` prints the session inside, in which people put values.
    var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}

extension PostgresError {
    /// A server cannot be interrupted in the middle of a row.
    static var leftWithinRow: PostgresError {
        PostgresError(
            .connectionLost, "connection closed: a query was left in the middle of a row of more than 16 MiB",
            isConnectionUsable: false)
    }
}
