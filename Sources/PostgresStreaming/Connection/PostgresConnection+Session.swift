import PostgresWire

extension PostgresConnection {
    /// Whether a transaction block is open, as the server said last.
    public var transactionStatus: PostgresTransactionStatus { news.read { $0.transactionStatus } }

    /// The run-time parameters that the server reports by itself, such as `server_version` and `TimeZone`, as they are
    /// now (manual: "Asynchronous Operations").
    public var parameters: [String: String] { news.read { $0.parameters } }

    /// Returns the notices and warnings that have come since this was last called, the newest 100 or one megabyte at most;
    /// also in the middle of a stream.
    public func takeNotices() -> [PostgresNotice] { news.read { $0.notices.takeAll() } }

    /// How many notices were dropped, because too many came before they were taken.
    public var lostNoticeCount: Int { news.read { $0.notices.lostCount } }

    /// Returns the changes of reported run-time parameters since this was last called, the newest 100 or 256 KiB at most.
    public func takeParameterChanges() -> [PostgresParameterChange] { news.read { $0.changes.takeAll() } }

    /// Returns the notifications that arrived with other answers since this was last called, the newest 1,000 or one megabyte
    /// at most; see `PostgresClient.listen(to:options:)` for a connection that waits for them.
    ///
    /// A connection that listens calls this now and then. Where it was never called, the first notification is reported to
    /// the observer as a warning.
    public func takeNotifications() -> [PostgresNotification] {
        news.read { state in
            state.takesNotifications = true
            return state.notifications.takeAll()
        }
    }

    /// How many notifications were dropped, because too many came before they were taken.
    public var lostNotificationCount: Int { news.read { $0.notifications.lostCount } }

    /// Gives the session back the state in which it began (manual: "DISCARD"): an open transaction block is rolled back;
    /// settings, temporary tables, advisory locks, cursors, listening and prepared statements are gone.
    ///
    /// - Throws: as `query`; `queryTimedOut` after the configuration's `controlTimeout`, and the session is cleaned up as
    ///   after a query; `unsupported` behind a transaction pooler, whose sessions are not this connection's alone.
    public nonisolated(nonsending) func reset() async throws(PostgresError) {
        let driver = try await gate.begin()
        do throws(PostgresError) {
            guard !driver.statements.isBehindTransactionPooler else {
                throw PostgresError(
                    .unsupported, "a session cannot be reset behind a transaction pooler",
                    hint:
                        "It changes with every transaction. Leave no state in it: use SET LOCAL, and tables ON COMMIT DROP."
                )
            }
            guard !Task.isCancelled else { throw PostgresError(.cancelled, "the task was cancelled") }
            let isInBlock = transactionStatus != .idle
            try await driver.control { driver throws(PostgresError) in
                // Not in one flight: DISCARD ALL is refused in a pipeline as it is in a block.
                if isInBlock { try await driver.run(commands: ["ROLLBACK"]) }
                try await driver.run(commands: ["DISCARD ALL"])
            }
            gate.holds = [:]
            gate.finish()
        } catch {
            driver.session.isIdle ? gate.finish() : gate.leave()
            throw await gate.settled(error)
        }
    }

    /// Asks the server what earlier statements left behind in the session.
    ///
    /// - Throws: as `query`; `queryTimedOut` after the configuration's `controlTimeout`; in a failed transaction block the
    ///   server answers nothing.
    public nonisolated(nonsending) func remains() async throws(PostgresError) -> SessionRemains {
        let row = try await query(SessionRemains.query, options: gate.controlOptions).only()
        let (locks, relations, channels, cursors, settings) =
            try row.decode((Int, Int, Int, Int, String).self)
        return SessionRemains(
            transactionStatus: transactionStatus, advisoryLockCount: locks, temporaryRelationCount: relations,
            listeningChannelCount: channels, heldCursorCount: cursors,
            settings: settings.split(separator: ",").map(String.init))
    }
}
