import PostgresTestSupport

/// The backends of a server.
struct SessionTable {
    private var sessions: [ServerSession] = []

    /// A new backend, for a connection that was opened.
    mutating func begin() -> ServerSession {
        let session = ServerSession(processID: Int32(sessions.count + 1))
        sessions.append(session)
        return session
    }

    /// Cancels what the backend with this key runs.
    func cancel(processID: [UInt8], secretKey: [UInt8]) {
        for session in sessions
        where BackendBytes.int32(session.processID) == processID && session.secretKey == secretKey { session.cancel() }
    }

    /// The client closed its end.
    func clientLeft(_ socket: VirtualSocket) { socket.session?.end(nil) }
}
