/// The answers that an extended flight has still to get, in the server's order.
struct ExtendedSteps: Hashable, Sendable {
    /// Reversed, so that the next one is the last.
    private var steps: [SessionPhase.ExtendedStep] = []

    mutating func set(_ parts: [ExtendedFlight.Part]) {
        steps.removeAll(keepingCapacity: true)
        for part in parts.reversed() { steps.append(contentsOf: part.steps.reversed()) }
    }

    /// Takes off the next step; nil behind the last.
    mutating func next() -> SessionPhase.ExtendedStep? { steps.popLast() }

    /// Says what the execution behind a portal's description returns.
    mutating func describeExecution(columnCount: Int?) {
        guard case .noRows? = steps.last else { return }
        steps[steps.count - 1] = columnCount.map { .rows(columnCount: $0) } ?? .noRows
    }

    mutating func removeAll() { steps.removeAll(keepingCapacity: true) }
}

extension SessionStateMachine {
    /// Says everything of a flight, and a Sync behind it; nothing if one of the messages cannot be encoded.
    package mutating func start(_ flight: ExtendedFlight) throws(FrontendMessageError) {
        precondition(phase == .idle, "a flight starts on an idle session")
        precondition(!flight.parts.isEmpty, "a flight says something")
        try outbound.flight { buffer throws(FrontendMessageError) in
            for part in flight.parts { try part.encode(into: &buffer) }
            try Sync().encode(into: &buffer)
        }
        awaitedSteps.set(flight.parts)
        goOn()
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
        case (.statementDescription, .rowDescription(let description)):
            goOn()
            return .columns(description.columns)
        case (.statementDescription, .noData):
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
            (.copyOut, .commandComplete(let complete)):
            goOn()
            return .completed(complete.tag)
        case (.noRows, .emptyQueryResponse):
            goOn()
            return .emptyQuery
        case (.noRows, .copyInResponse):
            // The server ignores the Sync that came before CopyFail, so another has to follow (manual: "COPY").
            refuseCopyIn(andSync: true)
            return .copyRefused
        case (.noRows, .copyOutResponse):
            phase = .extended(.copyOut)
            return .copyRefused
        case (.copyOut, .copyData), (.copyOut, .copyDone):
            return nil
        default:
            throw unexpected(message)
        }
    }

    private mutating func goOn() {
        phase = awaitedSteps.next().map(SessionPhase.extended) ?? .finishing
    }
}
