import PostgresWire

extension ConnectionDriver {
    /// Runs commands without parameters and rows in one flight; the first that fails is the last that is run.
    nonisolated(nonsending) func run(commands: [String]) async throws(PostgresError) {
        try takeUnasked()
        var flight = ExtendedFlight()
        for command in commands { flight.run(command: command) }
        try say(flight)
        try await readToEnd()
    }

    /// Undoes the transaction that is open, or what was done after a savepoint of it; where that cannot be done within
    /// the time for cleaning up the connection is closed, and the server undoes it.
    nonisolated(nonsending) func rollBack(to savepoint: String? = nil) async {
        guard let savepoint else { return await end(by: ["ROLLBACK"]) }
        // The tag of either is the same, and the transaction keeps its number.
        let transactionID = runner.commit.transactionID
        await end(by: ["ROLLBACK TO SAVEPOINT \(savepoint)", "RELEASE SAVEPOINT \(savepoint)"])
        runner.commit.transactionID = transactionID
    }

    /// Ends the transaction that is open, or a part of it; where that cannot be done within the time for cleaning up the
    /// connection is closed.
    nonisolated(nonsending) func end(by commands: [String]) async {
        guard failure == nil, session.isIdle, session.transactionStatus != .idle else { return }
        do throws(PostgresError) {
            try await run(commands: commands)
        } catch {
            fail(
                PostgresError(
                    .connectionLost, "connection closed: a transaction could not be ended: \(error.message)",
                    isConnectionUsable: false))
        }
    }
}
