extension SessionStateMachine {
    /// Whether a flight or a Sync may be said: on an idle session, and in a pipeline after whatever is not answered yet.
    ///
    /// Nothing may be said after a simple query that has not ended, nor after a COPY that is welcome before it is certain
    /// that the server waits for no more data: it would take what follows for a violation of the protocol.
    package var maySayMore: Bool {
        switch phase {
        case .idle, .extended, .unsynced, .skipping, .finishing: awaitedSteps.last != .ownSync
        default: false
        }
    }

    /// Says everything of a flight and a Sync after it; nothing if one of the messages cannot be encoded, or if more than
    /// 65,536 answers would be outstanding.
    ///
    /// Where a COPY is welcome a Flush takes the place of the Sync: a server that waits for data ignores a Sync, unless it
    /// fails before it reads it. So the session says its Sync by itself, once, as soon as no COPY can read it.
    ///
    /// - Parameter andSync: false leaves the Sync to a later flight or to `sync`. Until then the server need not answer
    ///   unless the flight ends with a Flush, and after an error it skips everything.
    package mutating func start(_ flight: ExtendedFlight, andSync: Bool = true) throws(FrontendMessageError) {
        precondition(maySayMore, "a flight starts on an idle session or in a pipeline")
        precondition(!flight.parts.isEmpty, "a flight says something")
        precondition(andSync || !flight.mayCopy, "a COPY has its own Sync")
        try limitSteps(adding: flight.parts.count * ExtendedFlight.Part.stepsMax + 1)
        try encode(flight, andSync: andSync)
        if andSync { appendSync(flight.mayCopy ? .ownSync : .sync) }
        goOnIfWaiting()
    }

    private mutating func encode(_ flight: ExtendedFlight, andSync: Bool) throws(FrontendMessageError) {
        awaitedSteps.compact()
        let count = awaitedSteps.count
        // Moved out and not copied: one pass over the parts says them and notes what they are answered with.
        var steps = ExtendedSteps()
        swap(&steps, &awaitedSteps)
        defer { swap(&steps, &awaitedSteps) }
        do throws(FrontendMessageError) {
            try outbound.flight { buffer throws(FrontendMessageError) in
                for part in flight.parts { try part.encode(into: &buffer, awaiting: &steps) }
                if flight.mayCopy {
                    try Flush().encode(into: &buffer)
                } else if andSync {
                    try Sync().encode(into: &buffer)
                }
            }
        } catch {
            steps.removeLast(after: count)
            throw error
        }
        if phase == .skipping { steps.removeLast(after: count) }
    }

    /// Says a Sync: it ends what was said without one, and alone it is answered by ReadyForQuery and nothing else.
    package mutating func sync() throws(FrontendMessageError) {
        precondition(maySayMore, "a Sync is said on an idle session or in a pipeline")
        try limitSteps(adding: 1)
        try outbound.append(Sync())
        awaitedSteps.compact()
        appendSync(.sync)
        goOnIfWaiting()
    }

    func limitSteps(adding count: Int) throws(FrontendMessageError) {
        guard count <= ExtendedSteps.countMax - awaitedSteps.count else { throw .tooManyAnswers }
    }

    mutating func appendSync(_ sync: SessionPhase.ExtendedStep) {
        awaitedSteps.append(sync)
        syncsSaid += 1
    }

    /// Turns to what was said just now, if nothing else is awaited.
    mutating func goOnIfWaiting() {
        switch phase {
        case .idle, .unsynced: goOn()
        case .skipping where !awaitedSteps.isEmpty: goOn()
        default: break
        }
    }

    mutating func receiveExtended(
        _ message: BackendMessage, at step: SessionPhase.ExtendedStep
    ) throws(ProtocolViolation) -> SessionEvent? {
        switch (step, message) {
        case (.closeComplete, .closeComplete):
            goOn()
            return nil
        case (.parseComplete, .parseComplete):
            goOn()
            return .parsed
        case (.parameterDescription, .parameterDescription(let description)):
            goOn()
            return .parameterTypes(description.typeOIDs)
        case (.columnDescription, .rowDescription(let description)):
            goOn()
            return .columns(description.columns)
        case (.columnDescription, .noData):
            goOn()
            return .noColumns
        case (.bindComplete, .bindComplete):
            goOn()
            return .bound
        case (.description, .rowDescription(let description)):
            awaitedSteps.describeExecution(columnCount: description.columns.count)
            goOn()
            return .columns(description.columns)
        case (.description, .noData):
            awaitedSteps.describeExecution(columnCount: nil)
            goOn()
            return .noColumns
        case (.copy(let step), _):
            return try receiveCopy(message, at: step)
        default:
            return try receiveOutcome(message, at: step)
        }
    }

    /// What an Execute leads to.
    private mutating func receiveOutcome(
        _ message: BackendMessage, at step: SessionPhase.ExtendedStep
    ) throws(ProtocolViolation) -> SessionEvent? {
        switch (step, message) {
        case (.rows, .commandComplete(let complete)), (.noRows, .commandComplete(let complete)),
            (.limitedRows, .commandComplete(let complete)), (.mayCopy, .commandComplete(let complete)),
            (.refusedCopyOut, .commandComplete(let complete)):
            goOn()
            return .completed(complete.tag)
        case (.limitedRows, .portalSuspended):
            goOn()
            return .suspended
        case (.noRows, .emptyQueryResponse), (.mayCopy, .emptyQueryResponse):
            goOn()
            return .emptyQuery
        case (.noRows, .copyInResponse):
            try refuseCopyInOfFlight()
            return .copyRefused
        case (.noRows, .copyOutResponse):
            phase = .extended(.refusedCopyOut)
            return .copyRefused
        case (.refusedCopyOut, .copyData), (.refusedCopyOut, .copyDone):
            return nil
        case (.mayCopy, _):
            return try beginCopy(message)
        default:
            throw unexpected(message)
        }
    }

    /// Turns to the next answer.
    mutating func goOn() {
        let step = awaitedSteps.next()
        switch step {
        case .sync?, .ownSync?: finishFlight(step)
        case let step?: phase = .extended(step)
        case nil: phase = .unsynced
        }
    }

    /// After an error the server skips everything up to the next Sync.
    mutating func skipToSync() {
        finishFlight(awaitedSteps.nextSync())
    }

    private mutating func finishFlight(_ sync: SessionPhase.ExtendedStep?) {
        // A Sync has no field that could fail to be encoded.
        if sync == .ownSync { try? outbound.append(Sync()) }
        phase = sync == nil ? .skipping : .finishing
    }
}
