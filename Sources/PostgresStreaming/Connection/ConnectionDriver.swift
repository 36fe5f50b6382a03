import PostgresTransport
import PostgresWire

/// One connection at work: the socket, the session and the bytes between them.
///
/// `advance` is the only protocol loop there is; the verbs are straight-line functions over it. The caller's task does
/// the reading: nothing runs in the background, and a server that nobody listens to has to wait.
final class ConnectionDriver {
    let loop: EventLoop
    let address: SocketAddress
    /// The place in the configuration that led here; nil before the session began, and when the connection has failed.
    var seat: HostSeat?
    /// Whether the server refused to write, because it only reads.
    var hasRefusedToWrite = false
    let socket: Socket
    /// How the session is encrypted; nil in the clear.
    var encryption: Encryption?
    /// What TLS led to; nil in the clear.
    var tls: TLSInformation?
    private var buffer: ReceiveBuffer
    /// Who listens to the connection; nil where nobody does.
    let observation: ConnectionObservation?
    let metrics: PostgresMetrics?
    /// The query that is yet to be handed to the kernel whole, for who listens to it.
    var queryToSend: QueryObservation?
    /// The bytes of `slab` as they were reported.
    private var reportedBufferBytes = 0
    private var lastMessageType: UInt8 = 0
    /// Whether the session was ready once, and so was counted as a connection.
    private var hasOpened = false
    /// Counts the receive buffers that live, also those that only kept rows hold.
    let account: SlabAccount
    /// Where the connection's stream waits for something else than the server.
    let flowCell: ReadinessCell
    /// What the open stream demands of every read; nil where no stream is open.
    var regulator: StreamRegulator? {
        didSet { buffer.slabBytesMax = regulator?.slabBytesMax ?? ReceiveBuffer.slabBytesMax }
    }
    /// What is left of a message that is read and dropped, while a query is left.
    private(set) var bytesToDrop = 0
    /// The present transaction block was failed by leaving a stream in it.
    var hasLeftTransaction = false
    /// Whether the transaction block of the lease may fail, because nothing comes after its one query.
    var isBlockExpendable = false
    /// How long the connection waits, and for what.
    let times: TimeLimits
    /// What cleaning up has taken since the last call, of the time for it.
    var cleanUpSpent = Duration.zero
    /// A wait within a query that lasts longer is a stall, in nanoseconds.
    var stallNanoseconds: Int64 = 0
    /// Up to which length long rows are dropped without being taken into memory; nil where rows are wanted.
    var droppedRowBytesMax: Int?
    private var deframer: Deframer
    /// How long the message at the front will be, as far as it is known.
    private var messageBytes = 0

    var session = SessionStateMachine()
    /// The statements that this connection knows.
    let statements: StatementCache
    /// What the server said by itself.
    let news = SessionNews()
    var reset = SessionReset()
    /// The statement that ran last.
    var running: RunningStatement?
    /// What may help the statement that failed last; nil where it had an effect, or nothing helps.
    var remedy: StatementRemedy?
    /// The commit that is under way, or the last one.
    var commit = CommitProgress()
    /// The limits for waiting that are in force.
    let scopedDeadline = ScopedDeadline()
    /// What the server reported of its run-time parameters.
    private(set) var parameters = ServerParameters()
    /// Why the connection cannot be used any more.
    private(set) var failure: PostgresError?
    /// Whether the session is being opened, and errors are about that.
    private var isConnecting = false
    /// What the connection waits for before the session begins.
    var connectStep = ConnectStep.opening
    /// What to say beside the server's words if it does not accept the password.
    var passwordHint: String?
    var oauth = OAuthProgress()
    /// Whether the server was sent a password, or a proof that it is known.
    var hasProvenUser = false
    /// What SCRAM can be bound to.
    var channelEndPoint: ChannelBinding.EndPoint { tls == nil ? .none : .tls(socket.endPointBinding) }
    /// The bytes received so far.
    private(set) var receivedBytes = 0
    /// The reads since the last wait.
    private var readsInARow = 0
    /// The kernel refused what was to be sent. The server's reason may still lie unread, so reading goes on.
    var sendFailure: TransportError?
    /// The options of queries that say nothing of them; nil for those that everybody has.
    var streamDefaults: StreamOptions?
    /// Writes the messages down; nil where nobody asked for that.
    var tracer: WireTracer?

    init(
        socket: Socket, address: SocketAddress, limits: MessageLimits, times: TimeLimits,
        statements: consuming sending StatementCache, observation: ConnectionObservation? = nil
    ) {
        self.times = times
        self.statements = statements
        self.socket = socket
        self.observation = observation
        metrics = observation?.metrics
        let cell = ReadinessCell(loop: socket.loop)
        flowCell = cell
        account = SlabAccount(partOf: metrics?.streams.memory) { cell.signal(.readable) }
        buffer = ReceiveBuffer(account: account)
        self.address = address
        loop = socket.loop
        deframer = Deframer(limits: limits)
    }

    deinit {
        terminate()
        metrics?.streams.receiveBuffers.add(-reportedBufferBytes)
    }

    /// The slab in which the rows of the last event lie.
    var slab: ReceiveSlab { buffer.slab }

    /// Sends what the session wants to say, and returns what the server says next.
    ///
    /// - Throws: the connection's failure, from then on for every call; or `cancelled`, or `queryTimedOut` for the
    ///   deadline, after which the session stands where it stood and can be read on.
    nonisolated(nonsending) func advance() async throws(PostgresError) -> SessionEvent {
        if let failure { throw failure }
        while true {
            flush()
            if let event = try nextEvent() { return event }
            if let regulator, bytesToDrop == 0 {
                if regulator.demandsPermission { try await permitRead(regulator) }
                if let time = regulator.nap(isMoreCertain: !slab.isFramed) { try await nap(for: time) }
            }
            if try readOnce() {
                await giveWay()
            } else {
                try await waitForServer()
            }
        }
    }

    /// Bounds the time until the server is ready.
    func beginStartup(deadline: ContinuousClock.Instant) {
        isConnecting = true
        scopedDeadline.begin(until: deadline)
    }

    func endStartup() {
        news.begin(with: parameters.values)
        isConnecting = false
        passwordHint = nil
        scopedDeadline.lift()
    }

    /// The session is ready for whoever asked for it.
    func noteOpened(_ transport: Transport, since start: Int64) {
        hasOpened = true
        observation?.opened(transport, to: address, tls, session.protocolVersion, since: start)
    }

    /// What the connection waits for, or failed at, while it comes about.
    var step: ConnectStep { failedStep ?? session.startupStage.map(ConnectStep.startup) ?? connectStep }
    private var failedStep: ConnectStep?
    /// The user that the server of a Unix-domain socket runs as.
    var peerUserName: String? { socket.peerUserName }

    /// Breaks the connection for those who do not own the driver.
    var breaker: SocketBreaker { socket.breaker }

    /// Ends the connection for the reason given; the first reason stays.
    func fail(_ error: PostgresError) {
        if failure == nil {
            failure = error
            seat = nil
            failedStep = step
            if hasOpened { observation?.closed(error, receivedBytes: receivedBytes) }
        }
        session.abandon()
        socket.close()
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
            while true {
                deframer.isAuthenticated = session.isAuthenticated
                deframer.awaitsGreeting = session.awaitsGreeting
                switch deframer.next(in: slab, columnCount: session.columnCount) {
                case .rows(let rows):
                    tracer?.received(rows, of: slab, columnCount: session.columnCount ?? 0)
                    if !noteAnswer(rows) { return .rows(rows) }
                case .more(let bytes):
                    messageBytes = bytes
                    dropLongRow()
                    return nil
                case .slabFull: buffer.makeRoom(messageBytes: 0)
                case .violation(let violation):
                    lastMessageType = slab.isFramed ? 0 : slab.bytes(slab.start..<slab.end).byte(at: 0)
                    throw violation
                case .message(let type, let body):
                    lastMessageType = type
                    tracer?.received(type, slab.bytes(body))
                    if let event = try take(BackendMessage(type: type, body: slab.bytes(body))) { return event }
                }
                if let failure { throw ProtocolViolation(.unexpectedMessage, failure.message) }
            }
        } catch {
            if failure == nil { observation?.violated(messageType: lastMessageType) }
            let reason = failure ?? PostgresError(error, isConnecting: isConnecting)
            fail(reason)
            throw reason
        }
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
        if isConnecting, let stage = session.startupStage { connectStep = .startup(stage) }
        switch try session.receive(message) {
        case .failed(let fields, isFatal: true):
            fail(
                isConnecting
                    ? PostgresError(connecting: fields, isAuthenticated: isAuthenticated, hint: passwordHint)
                    : PostgresError(server: fields, isFatal: true))
            return nil
        case .parameterChanged(let status):
            try parameters.note(status)
            statements.searchPath.note(status)
            if !isConnecting { news.note(status) }
            return nil
        case .notice(let fields):
            observation?.noticed(fields, isFromVerifiedServer: isAuthenticated)
            // Before the server has proven itself anyone may say anything.
            if isAuthenticated { news.note(PostgresNotice(fields, isFromVerifiedServer: true)) }
            return nil
        case .notified, nil:
            return nil
        case let event?:
            if case .ready(let status) = event {
                news.note(status)
                socket.releaseBuffers()
            }
            return noteForStatements(event) ? event : nil
        }
    }

    /// Asked before every read: with a server that sends without end there is never a wait that would notice.
    private func checkLimits() throws(TransportError) {
        guard !Task.isCancelled else { throw .cancelled }
        if let nextDeadline, ContinuousClock.now >= nextDeadline { throw .timedOut }
    }

    /// When waiting for the server ends: at the verb's deadline or at the stream's.
    private var nextDeadline: ContinuousClock.Instant? {
        guard let deadline, let other = regulator?.deadline else { return deadline ?? regulator?.deadline }
        return min(deadline, other)
    }

    /// Lets others run now and then while a server sends faster than we read: the thread may be the loop's.
    private nonisolated(nonsending) func giveWay() async {
        readsInARow += 1
        guard readsInARow >= Self.readsInARowMax else { return }
        readsInARow = 0
        await Task.yield()
    }

    /// 4 MiB from full buffers: a millisecond or two.
    private static let readsInARowMax = 16

    /// Holds a read back as long as the open stream is paused or lacks memory.
    private nonisolated(nonsending) func permitRead(_ regulator: StreamRegulator) async throws(PostgresError) {
        if session.columnCount != nil { try regulator.check(valueBytes: slab.longestValueInPartialRow) }
        try await regulator.permitRead { buffer.slabToTake(messageBytes: messageBytes) }
    }

    private nonisolated(nonsending) func nap(for time: Duration) async throws(PostgresError) {
        do throws(TransportError) {
            try await socket.nap(until: .now + time)
        } catch {
            throw reason(error)
        }
    }

    /// Reads what is there; false where nothing is.
    func readOnce() throws(PostgresError) -> Bool {
        do throws(TransportError) {
            try checkLimits()
            buffer.makeRoom(messageBytes: bytesToDrop > 0 ? 0 : messageBytes)
            let room = slab.room
            let count = try slab.receive { output throws(TransportError) in _ = try socket.read(into: &output) }
            regulator?.noteRead(bytes: count, isFull: count == room)
            guard count > 0 else { return false }
            receivedBytes += count
            if let metrics { noteRead(count, metrics) }
            if bytesToDrop > 0 {
                bytesToDrop -= slab.drop(bytesToDrop)
            } else {
                buffer.noteRead(count, room: room)
            }
            return true
        } catch {
            throw reason(error)
        }
    }

    private func noteRead(_ count: Int, _ metrics: PostgresMetrics) {
        metrics.connections.received.add(count)
        metrics.connections.reads.add()
        guard slab.byteCount != reportedBufferBytes else { return }
        metrics.streams.receiveBuffers.add(slab.byteCount - reportedBufferBytes)
        reportedBufferBytes = slab.byteCount
    }

    /// Waits until the server has said something, or takes what is to be sent.
    private nonisolated(nonsending) func waitForServer() async throws(PostgresError) {
        do throws(TransportError) {
            readsInARow = 0
            if let sendFailure { throw sendFailure }
            // Never only for writing: a server that waits for us to read would not read either.
            let hasOutput = !session.outbound.isEmpty || socket.hasPendingOutput
            try await socket.wait(for: hasOutput ? [.readable, .writable] : .readable, deadline: nextDeadline)
        } catch {
            if error == .timedOut, regulator?.excusesSilence() == true { return }
            throw reason(error)
        }
    }

    /// Says what a failure of the transport means, and ends the connection unless only the wait is over.
    private func reason(_ error: TransportError) -> PostgresError {
        // Closed on this side while we waited.
        if let failure { return failure }
        let reason =
            isConnecting
            ? PostgresError(connecting: error, while: step) : PostgresError(lost: error, isCutOff: breaker.isBroken)
        switch error {
        case .cancelled, .timedOut: break
        default: fail(reason)
        }
        return reason
    }

    // MARK: rows that nobody wants

    /// A row that is read only to be dropped takes no memory of its own length.
    private func dropLongRow() {
        guard let droppedRowBytesMax, session.columnCount != nil, messageBytes > Self.droppedWholeBytesMax,
            !slab.isFramed,
            slab.bytes(slab.start..<slab.end).byte(at: 0) == UInt8(ascii: "D")
        else { return }
        tracer?.dropped(messageBytes)
        bytesToDrop = messageBytes
        bytesToDrop -= slab.drop(messageBytes)
        messageBytes = 0
        guard bytesToDrop > droppedRowBytesMax else { return }
        // A server cannot be interrupted in the middle of a row.
        fail(
            PostgresError(
                .connectionLost, "connection closed: a query was left in the middle of a row of more than 16 MiB",
                isConnectionUsable: false))
    }

    private static let droppedWholeBytesMax = 64 << 10
}

extension ConnectionDriver: CustomReflectable {
    /// Shows nothing, so that no `dump` prints the session inside, in which people put values.
    var customMirror: Mirror { Mirror(self, children: EmptyCollection()) }
}
