import PostgresTransport

extension PostgresConnection {
    /// Asks how far the server's write-ahead log is: everything that was committed on this server before the call lies
    /// before the position. One round trip.
    ///
    /// - Throws: `targetSessionMismatch` where the server is a standby; `queryTimedOut` after the configuration's
    ///   `controlTimeout`; otherwise as `query`.
    public nonisolated(nonsending) func position() async throws(PostgresError) -> PostgresPosition {
        let progress = try await logProgress(gate.controlOptions)
        guard !progress.isStandby else {
            throw PostgresError(
                .targetSessionMismatch, "cannot tell the position of a write: the server is a standby",
                hint: "Ask a server that writes, as with target_session_attrs=read-write.")
        }
        return progress.position
    }

    /// Whether the server shows what was committed up to a position, which is waited for.
    ///
    /// - Parameters:
    ///   - position: the position of a write.
    ///   - limit: how long the server may take until it has replayed the position.
    ///   - isLast: whether no other server is asked afterwards, so that the answer is waited for as that of any call.
    ///   - isRemembered: whether what the server answers holds for the connection's next lease as well.
    nonisolated(nonsending) func shows(
        _ position: PostgresPosition, within limit: Duration, isLast: Bool, isRemembered: Bool
    ) async throws(PostgresError) -> Bool {
        if isRemembered, news.read({ $0.logProgress?.answer(to: position) }) == .shown { return true }
        let deadline = MonotonicTime.now + limit
        var pause = Self.pauseMin
        while true {
            let left = MonotonicTime.now.duration(to: deadline)
            let answerTime = isLast ? gate.times.control : max(left, Self.answerTimeMin)
            let progress = try await logProgress(StreamOptions { $0.timeout = answerTime })
            if isRemembered { news.read { $0.logProgress = progress } }
            switch progress.answer(to: position) {
            case .shown: return true
            case .never: return false
            case .notYet: break
            }
            guard MonotonicTime.now + pause < deadline else { return false }
            do {
                try await Task.sleep(for: pause)
            } catch {
                throw PostgresError(.cancelled, "the task was cancelled while it waited for a standby")
            }
            pause = min(pause * 2, Self.pauseMax)
        }
    }

    private nonisolated(nonsending) func logProgress(
        _ options: StreamOptions
    ) async throws(PostgresError) -> LogProgress {
        try LogProgress(try await query(LogProgress.query, options: options).only())
    }

    // A transaction of its own for each question: a snapshot that is kept open could keep the standby from replaying.

    /// How long to wait at first before the server is asked again; doubled each time.
    private static var pauseMin: Duration { .milliseconds(1) }
    /// What doubling ends at.
    private static var pauseMax: Duration { .milliseconds(25) }
    /// A server that could answer at once has at least this time for it.
    private static var answerTimeMin: Duration { .milliseconds(200) }
}
