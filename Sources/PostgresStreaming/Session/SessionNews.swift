import PostgresTransport
import PostgresWire

/// What the server said by itself, kept until somebody asks for it; also while a stream is open or being left.
final class SessionNews: Sendable {
    struct State {
        var notices: [PostgresNotice] = []
        var lostNoticeCount = 0
        var changes: [PostgresParameterChange] = []
        var parameters: [String: String] = [:]
        var transactionStatus = PostgresTransactionStatus.idle
        /// How far the server was in the write-ahead log when it was asked last; nil where it was not.
        var logProgress: LogProgress?
    }

    private let state = Locked(State())

    /// As many notices, and as many changes, are kept; older ones go first.
    static let countMax = 100

    func read<Result: Sendable>(_ body: (inout State) -> Result) -> Result { state.withLock { body(&$0) } }

    /// Forgets what is nobody's business any more; what the parameters are stays known.
    func clear() {
        state.withLock { state in
            if !state.notices.isEmpty { state.notices = [] }
            if !state.changes.isEmpty { state.changes = [] }
            state.lostNoticeCount = 0
        }
    }

    func note(_ notice: PostgresNotice) {
        state.withLock { state in
            if state.notices.count == Self.countMax {
                state.notices.removeFirst()
                state.lostNoticeCount += 1
            }
            state.notices.append(notice)
        }
    }

    /// The session has come about with these parameters.
    func begin(with parameters: [String: String]) {
        state.withLock { $0.parameters = parameters }
    }

    func note(_ status: ParameterStatus) {
        state.withLock { state in
            state.parameters[status.name] = status.value
            if state.changes.count == Self.countMax { state.changes.removeFirst() }
            state.changes.append(PostgresParameterChange(name: status.name, value: status.value))
        }
    }

    func note(_ status: TransactionStatus) {
        state.withLock { $0.transactionStatus = PostgresTransactionStatus(status) }
    }
}
