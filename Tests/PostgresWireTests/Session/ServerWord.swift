import PostgresWire

/// What a server may say, in one word each.
enum ServerWord: String, CaseIterable {
    case ok, cleartext, sasl, challenge, outcome, key
    case parsed, bound, closed, parameterTypes, columns, noData
    case completes, suspended, empty, copyIn, copyOut, copyBoth, copyData, copyDone, error
    case readyIdle, readyInBlock, readyFailed

    var isReady: Bool { self == .readyIdle || self == .readyInBlock || self == .readyFailed }

    var message: BackendMessage {
        switch self {
        case .ok: Backend.ok
        case .cleartext: Backend.cleartext
        case .sasl: Backend.sasl
        case .challenge: Backend.challenge
        case .outcome: Backend.outcome
        case .key: Backend.key
        case .parsed: Backend.parsed
        case .bound: Backend.bound
        case .closed: Backend.closed
        case .parameterTypes: Backend.parameterTypes(23)
        case .columns: Backend.columns("a", "b")
        case .noData: Backend.noData
        case .completes: Backend.completes("DONE")
        case .empty: Backend.empty
        case .copyIn: Backend.copyIn
        case .copyOut: Backend.copyOut
        case .copyBoth: Backend.copyBoth
        case .suspended: Backend.suspended
        case .copyData: Backend.copyData
        case .copyDone: Backend.copyDone
        case .error: Backend.error
        case .readyIdle: Backend.ready
        case .readyInBlock: Backend.ready(.inTransaction)
        case .readyFailed: Backend.ready(.failed)
        }
    }
}
