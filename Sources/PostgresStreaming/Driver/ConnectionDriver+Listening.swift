import PostgresTransport
import PostgresWire

extension ConnectionDriver {
    /// How far an answer was read that notifications may come with.
    struct AnswerPart {
        /// The text of its row, if that came.
        var text: String?
        /// Whether there is nothing more of it; else its receiver has no room for another notification.
        let isLast: Bool
    }

    /// Takes in what the server says by itself, for as long as there is room for notifications. Returns after one read, at
    /// `end`, or when the socket's cell is signalled.
    ///
    /// - Throws: the connection's failure; `cancelled`.
    nonisolated(nonsending) func hear(until end: MonotonicTime) async throws(PostgresError) {
        guard try takeWhileThereIsRoom() else { return }
        do throws(PostgresError) {
            try await within(until: end) { driver throws(PostgresError) in
                if try !driver.readOnce() { try await driver.waitForServer() }
            }
        } catch {
            guard error.code == .queryTimedOut else { throw error }
        }
        _ = try takeWhileThereIsRoom()
        if let failure { throw failure }
        if channel.hasReadLong { await Task.yield() }
    }

    /// Takes in what is at hand; false where a notification left no room for another one.
    private func takeWhileThereIsRoom() throws(PostgresError) -> Bool {
        while let event = try nextEvent() {
            if case .notified = event { return false }
        }
        return true
    }

    /// Says commands that run in one transaction, and asks for the process ID of the session that they run in.
    func sayInOneSession(_ commands: [String]) throws(PostgresError) {
        var flight = ExtendedFlight()
        for command in commands { flight.run(command: command) }
        flight.parse("SELECT pg_catalog.pg_backend_pid()")
        flight.run(BoundParameters(), resultFormats: [.text], result: .rows(columnCount: 1))
        try say(flight)
    }

    /// Reads the answer to a question for as long as there is room for the notifications that come with it; may be called
    /// again.
    nonisolated(nonsending) func readTextWhileThereIsRoom() async throws(PostgresError) -> AnswerPart {
        var text: String?
        let end = try await answers { [self] event throws(PostgresError) -> Void? in
            switch event {
            case .notified: return ()
            case .rows(let rows): text = try self.text(in: rows)
            default: break
            }
            return nil
        }
        switch end {
        case .ready(let failure?): throw failure
        case .ready(nil): return AnswerPart(text: text, isLast: true)
        case .taken, .tooLong: return AnswerPart(text: text, isLast: false)
        }
    }
}
