import PostgresWire

/// What a session makes of one message, in a form that can be compared.
enum SessionOutcome: Hashable {
    case nothing
    case asked(AuthenticationRequest)
    case authenticated
    case ready(TransactionStatus)
    case parsed
    case parameterTypes([UInt32])
    case bound
    case columns([String])
    case noColumns
    case rows
    case suspended
    case completed(String)
    case emptyQuery
    case copyRefused
    case copyIn(CopyFormats)
    case copyOut(CopyFormats)
    case copyBoth(CopyFormats)
    case copyData(Range<Int>)
    case copyDone
    case failed(isFatal: Bool)
    case notice
    case parameterChanged
    case notified
    case violation(ProtocolViolation.Kind)

    /// Feeds the message to the session and says what came of it.
    init(of message: BackendMessage, in session: inout SessionStateMachine) {
        do throws(ProtocolViolation) {
            self.init(try session.receive(message))
        } catch {
            self = .violation(error.kind)
        }
    }

    private init(_ event: SessionEvent?) {
        switch event {
        case nil: self = .nothing
        case .authenticationRequested(let request): self = .asked(request)
        case .authenticated: self = .authenticated
        case .ready(let status): self = .ready(status)
        case .parsed: self = .parsed
        case .parameterTypes(let types): self = .parameterTypes(types)
        case .bound: self = .bound
        case .columns(let columns): self = .columns(columns.map(\.name))
        case .noColumns: self = .noColumns
        // Rows, and answers to runs, do not come as messages.
        case .rows, .part, .ran: self = .rows
        case .suspended: self = .suspended
        case .completed(let tag): self = .completed(tag.text)
        case .emptyQuery: self = .emptyQuery
        case .copyRefused: self = .copyRefused
        case .copyIn(let formats): self = .copyIn(formats)
        case .copyOut(let formats): self = .copyOut(formats)
        case .copyBoth(let formats): self = .copyBoth(formats)
        case .copyData(let bytes): self = .copyData(bytes)
        case .copyDone: self = .copyDone
        case .failed(_, let isFatal): self = .failed(isFatal: isFatal)
        case .notice: self = .notice
        case .parameterChanged: self = .parameterChanged
        case .notified: self = .notified
        }
    }

    var isViolation: Bool {
        if case .violation = self { true } else { false }
    }
}
