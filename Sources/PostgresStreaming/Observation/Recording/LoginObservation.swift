import PostgresTransport
import PostgresWire

/// What is recorded of one login.
struct LoginObservation {
    private let metrics: LoginMetrics?
    private let start = MonotonicTime.now.nanoseconds
    private var mechanism = LoginMechanism.none
    private var isAccepted = false

    init(_ observation: ConnectionObservation?) { metrics = observation?.metrics?.logins }

    /// The server asks for a proof, or for the next step of one.
    mutating func asked(for request: AuthenticationRequest) {
        guard mechanism == .none else { return }
        switch request {
        case .cleartextPassword: mechanism = .cleartext
        case .md5Password: mechanism = .md5
        case .sasl(let mechanisms):
            mechanism = mechanisms.contains { $0.hasPrefix("SCRAM-") } ? .scram : .oauth
        default: return
        }
        metrics?.asked[mechanism].add()
    }

    /// The server is content.
    mutating func accepted(boundBy binding: ChannelBinding?) {
        isAccepted = true
        metrics?.succeeded[mechanism].add()
        metrics?.time[mechanism].record(MonotonicTime.now.nanoseconds - start)
        guard let binding else { return }
        if case .tlsServerEndPoint = binding {
            metrics?.bindings[.tlsServerEndPoint].add()
        } else {
            metrics?.bindings[.none].add()
        }
    }

    /// No session came about.
    func failed(_ error: PostgresError) {
        guard mechanism != .none, !isAccepted else { return }
        metrics?.failed[mechanism, ErrorReason(error)].add()
    }
}
