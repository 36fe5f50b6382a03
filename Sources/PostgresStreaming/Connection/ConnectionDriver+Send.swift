import PostgresTransport
import PostgresWire

extension ConnectionDriver {
    /// Hands to the kernel what is to be sent, as far as it takes it at once.
    func flush() {
        defer { if let queryToSend, session.outbound.isEmpty { noteSent(queryToSend) } }
        do throws(TransportError) { try socket.flushOutput() } catch { sendFailure = error }
        if let tracer, !session.outbound.isEmpty { tracer.willSend(session.outbound.pending) }
        while !session.outbound.isEmpty, sendFailure == nil {
            do throws(TransportError) {
                let count = try socket.write(session.outbound.pending)
                guard count > 0 else { return }
                session.outbound.markSent(count)
                tracer?.didSend(count)
                metrics?.connections.sent.add(count)
            } catch {
                sendFailure = error
            }
        }
    }

    private func noteSent(_ query: QueryObservation) {
        queryToSend = nil
        if sendFailure == nil { query.sent() }
    }
}
