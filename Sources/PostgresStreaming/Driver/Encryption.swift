import PostgresTransport
import PostgresWire

/// How a session is encrypted, and every cancel request of it too.
struct Encryption: Sendable {
    let settings: TLSSettings
    let negotiation: PostgresConfiguration.TLS.Negotiation

    /// What the server made of the wish for TLS.
    enum Answer {
        case begun(TLSInformation)
        /// It does not speak TLS; nothing else was said yet, and the connection may go on in the clear.
        case refused
        /// It reports an error, whose text anybody could have written.
        case failed
        /// What answers speaks another protocol.
        case foreign(ForeignGreeting)
    }

    /// Begins TLS on a connection on which nothing has been said yet (manual: "SSL Session Encryption").
    ///
    /// Exactly one byte is read in the clear. A server says no more before the client does: whatever else is there, a
    /// record of TLS too, was put there by somebody else.
    nonisolated(nonsending) func begin(
        on socket: Socket, deadline: MonotonicTime, step: (ConnectStep) -> Void
    ) async throws(TransportError) -> Answer {
        if negotiation == .postgres {
            step(.encryptionAnswer)
            try await send(SSLRequest(), on: socket, deadline: deadline)
            let answer = try await socket.readByte(deadline: deadline)
            switch answer {
            case UInt8(ascii: "S"), UInt8(ascii: "N"):
                let rest = socket.unreadBytes(countMax: ForeignGreeting.bytesMax)
                guard rest.isEmpty else {
                    // SSH begins with an S. It is final too, because it may have been put there.
                    if ForeignGreeting.isText([answer] + rest) { return .foreign(ForeignGreeting([answer] + rest)) }
                    throw .tls(.earlyBytes)
                }
                if answer == UInt8(ascii: "N") { return .refused }
            case UInt8(ascii: "E"): return .failed
            default:
                return .foreign(
                    ForeignGreeting([answer] + socket.unreadBytes(countMax: ForeignGreeting.bytesMax)))
            }
        }
        step(.handshake)
        let information = try await socket.startTLS(settings, deadline: deadline)
        guard negotiation == .postgres || information.applicationProtocol == Self.applicationProtocol else {
            throw .tls(TLSFailure(.handshake, "the server did not agree to speak Postgres over direct TLS (ALPN)"))
        }
        return .begun(information)
    }

    /// The name of the protocol for ALPN.
    static let applicationProtocol = "postgresql"

    private nonisolated(nonsending) func send(
        _ message: SSLRequest, on socket: Socket, deadline: MonotonicTime
    ) async throws(TransportError) {
        var request = FrontendBuffer()
        // It has no field that could fail to be encoded.
        try? request.append(message)
        try await socket.send(&request, deadline: deadline)
    }
}

extension Socket {
    /// Sends all of a short message, waiting for room where the kernel has none.
    nonisolated(nonsending) func send(
        _ message: inout FrontendBuffer, deadline: MonotonicTime
    ) async throws(TransportError) {
        while !message.isEmpty || hasPendingOutput {
            let count = try write(message.pending)
            message.markSent(count)
            if count == 0 { try await wait(for: .writable, deadline: deadline) }
        }
    }
}
