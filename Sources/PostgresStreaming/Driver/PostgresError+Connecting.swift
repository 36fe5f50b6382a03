import PostgresTransport
import PostgresWire

extension PostgresError {
    /// Says why a connection did not open.
    init(connecting error: TransportError, while step: ConnectStep) {
        let (code, reason): (Code, String) =
            switch error {
            case .unresolved(_, let text): (.hostNotFound, "could not find the host: \(text)")
            case .timedOut: (.connectTimedOut, "time ran out while \(step.description)")
            case .cancelled: (.cancelled, "the task was cancelled")
            case .unreachable(let tried) where tried.allSatisfy({ $0.code == nil }):
                (.connectTimedOut, "time ran out while \(step.description)\(Self.text(tried, before: ": "))")
            case .unreachable(let tried): (.connectFailed, Self.text(tried))
            case .closedByPeer: (.connectFailed, "the server closed the connection before it was ready")
            // A peer that cannot speak TLS may end the handshake by a reset as well as by an end.
            case .system(let call, let code) where step == .handshake:
                (.tlsFailed, "the TLS handshake failed: \(call): \(Self.text(code))")
            case .system(let call, let code): (.connectFailed, "\(call): \(Self.text(code))")
            case .tls(let failure): (Self.code(failure.kind), failure.description)
            }
        self.init(
            connecting: code, reason,
            hint: error == .tls(.earlyBytes) ? "Somebody on the way to the server may have put them there." : nil,
            isInterruption: Self.isInterruption(error, step))
    }

    /// Whether a TLS handshake was cut, as by a server that shuts down.
    private static func isInterruption(_ error: TransportError, _ step: ConnectStep) -> Bool {
        switch error {
        case .system: step == .handshake
        case .tls(let failure): failure.kind == .truncated
        default: false
        }
    }

    /// Says why a connection is not encrypted; nil where it may go on in the clear.
    init?(refusedBy answer: Encryption.Answer, isRequired: Bool) {
        let (code, reason): (Code, String)
        switch answer {
        case .begun: return nil
        case .refused where !isRequired: return nil
        case .refused: (code, reason) = (.tlsFailed, "the server does not support TLS, which is required")
        case .failed:
            (code, reason) = (
                .connectRefusedByServer,
                "the server answers the TLS request with an error, whose text is not to be trusted"
            )
        case .foreign(let greeting):
            self.init(
                .protocolViolation, greeting.message, hint: Self.hintOnForeignProtocol, isConnectionUsable: false)
            return
        }
        self.init(code, reason, isConnectionUsable: false)
    }

    private static func code(_ kind: TLSFailure.Kind) -> Code {
        switch kind {
        case .settings: .configurationInvalid
        case .untrusted, .hostMismatch: .serverNotVerified
        case .earlyBytes: .protocolViolation
        case .handshake, .alert, .truncated: .tlsFailed
        }
    }
}
