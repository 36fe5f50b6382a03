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
    case completed(String)
    case emptyQuery
    case copyRefused
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
        case .rows: self = .rows
        case .completed(let tag): self = .completed(tag.text)
        case .emptyQuery: self = .emptyQuery
        case .copyRefused: self = .copyRefused
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
