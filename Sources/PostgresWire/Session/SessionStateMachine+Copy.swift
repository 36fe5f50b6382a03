/// COPY in both query protocols (manual: "COPY Operations"): refused where it was not expected, carried where it is welcome.
extension SessionStateMachine {
    private var copyStep: SessionPhase.CopyStep? {
        switch phase {
        case .extended(.copy(let step)), .simple(.copy(let step)): step
        default: nil
        }
    }

    private var isSimple: Bool {
        if case .simple = phase { true } else { false }
    }

    /// Whether the server takes CopyData, and CopyDone, from the client now. They may be sent while nothing is read, such as
    /// the feedback of a standby; nothing that the server says takes it back but `failed`, `completed`, and a violation.
    package var takesCopyData: Bool {
        switch copyStep {
        case .input, .both, .bothServerDone: true
        default: false
        }
    }

    /// Whether the client may end the COPY by CopyFail. In a copy of both directions there is no such message: the server
    /// would end the session.
    package var takesCopyFail: Bool { copyStep == .input }

    /// Whether CopyData may come that is not to be passed over.
    package var awaitsCopyData: Bool {
        switch copyStep {
        case .output, .both, .bothClientDone: true
        default: false
        }
    }

    // MARK: what the client sends

    /// Sends data of a COPY, as `encode` appends it; nothing if it throws.
    package mutating func sendCopyData(
        _ encode: (inout FrontendBuffer) throws(FrontendMessageError) -> Void
    ) throws(FrontendMessageError) {
        precondition(takesCopyData, "copied data is sent while the server takes it")
        try outbound.flight { buffer throws(FrontendMessageError) in
            try buffer.message(UInt8(ascii: "d"), encode)
        }
    }

    /// Sends whole CopyData messages, as they came from another server.
    package mutating func sendCopyData(messages: RawSpan) {
        precondition(takesCopyData, "copied data is sent while the server takes it")
        outbound.raw(messages)
    }

    /// Says that the client has sent all its data, and in an extended query the flight's Sync.
    ///
    /// In a copy of both directions the server may go on sending until it is done as well.
    package mutating func sendCopyDone() {
        // Neither message has a field that could fail to be encoded.
        try? outbound.append(CopyDone())
        switch copyStep {
        case .input: continueCopy(.done)
        case .both: continueCopy(.bothClientDone)
        case .bothServerDone: leaveCopy()
        default: preconditionFailure("CopyDone is sent while the server takes data")
        }
        sayOwnSync()
    }

    /// Has the server end a COPY to it with an error, which repeats the reason; in an extended query the flight's Sync is
    /// said with it.
    package mutating func sendCopyFail(reason: String) throws(FrontendMessageError) {
        precondition(takesCopyFail, "CopyFail is sent while the server waits for data")
        try outbound.append(CopyFail(reason: reason))
        continueCopy(.failing)
        sayOwnSync()
    }

    /// Says the Sync of the flight whose COPY can no longer read it.
    private mutating func sayOwnSync() {
        guard !isSimple, awaitedSteps.last == .ownSync else { return }
        try? outbound.append(Sync())
        awaitedSteps.confirmLastSync()
    }

    // MARK: what the server sends

    /// Takes the data of a CopyData message, which need not be copied out of the slab for it.
    ///
    /// - Parameter body: the message's body, as the deframer found it.
    /// - Returns: `copyData` with these indices; nil where the COPY was refused and its data is passed over.
    package mutating func receiveCopyData(_ body: Range<Int>) throws(ProtocolViolation) -> SessionEvent? {
        switch phase {
        case .extended(.refusedCopyOut), .simple(.refusedCopyOut): return nil
        case _ where awaitsCopyData: return .copyData(body)
        default:
            phase = .ended
            throw ProtocolViolation(.unexpectedMessage, "CopyData message where it may not come")
        }
    }

    /// The server's first answer to a statement that may be a COPY, which is welcome.
    mutating func beginCopy(_ message: BackendMessage) throws(ProtocolViolation) -> SessionEvent {
        switch message {
        case .copyInResponse(let response):
            continueCopy(.input)
            return .copyIn(response.formats)
        case .copyOutResponse(let response):
            continueCopy(.output)
            // The server waits for no data, so it heeds the Sync.
            sayOwnSync()
            return .copyOut(response.formats)
        case .copyBothResponse(let response):
            continueCopy(.both)
            return .copyBoth(response.formats)
        default:
            throw unexpected(message)
        }
    }

    mutating func receiveCopy(
        _ message: BackendMessage, at step: SessionPhase.CopyStep
    ) throws(ProtocolViolation) -> SessionEvent? {
        switch (step, message) {
        case (_, .copyData(let data)):
            return try receiveCopyData(0..<data.bytes.count)
        case (.output, .copyDone), (.bothClientDone, .copyDone):
            leaveCopy()
            return .copyDone
        case (.both, .copyDone):
            continueCopy(.bothServerDone)
            return .copyDone
        case (.done, .commandComplete(let complete)),
            // A server that shuts down ends replication without CopyDone.
            (.both, .commandComplete(let complete)), (.bothClientDone, .commandComplete(let complete)),
            (.bothServerDone, .commandComplete(let complete)):
            if isSimple { phase = .simple(.result) } else { goOn() }
            return .completed(complete.tag)
        default:
            throw unexpected(message)
        }
    }

    private mutating func continueCopy(_ step: SessionPhase.CopyStep) {
        phase = isSimple ? .simple(.copy(step)) : .extended(.copy(step))
    }

    /// All data was sent. In a simple query results may follow: of a base backup, or of the end of a timeline.
    private mutating func leaveCopy() {
        phase = isSimple ? .simple(.result) : .extended(.copy(.done))
    }

    // MARK: refusing

    mutating func refuseCopyIn(andSync: Bool) {
        try? outbound.append(CopyFail(reason: "COPY cannot be run as a query"))
        if andSync { try? outbound.append(Sync()) }
        phase = .finishing
    }

    /// Refuses a COPY that reads what was said after it.
    ///
    /// The flight's own Sync is ignored while the server waits for data, so another has to follow CopyFail. Anything else
    /// that was said is taken for a violation by the server; it ends the session, or skips as much as it likes.
    mutating func refuseCopyInOfFlight() throws(ProtocolViolation) {
        guard outstandingSyncs <= 1, awaitedSteps.isEmpty || awaitedSteps.last == .sync else {
            throw ProtocolViolation(.unexpectedMessage, "CopyInResponse message in the middle of a pipeline")
        }
        let hasSync = awaitedSteps.nextSync() != nil
        refuseCopyIn(andSync: hasSync)
        if !hasSync { phase = .skipping }
    }
}
