import PostgresTransport
import PostgresWire

extension ConnectionDriver {
    /// Whether nothing is under way: neither a query nor a transaction.
    var isClean: Bool { failure == nil && session.isIdle && session.transactionStatus == .idle }

    /// Takes note of what the server said while nobody listened, and says whether the connection lives as far as is known
    /// here. Costs a system call and waits for nothing.
    func isAliveByLooking() -> Bool {
        do throws(PostgresError) {
            repeat { while try nextEvent() != nil {} } while try readOnce()
        } catch {
            // The calling task may have been cancelled, which says nothing about the connection.
        }
        return failure == nil
    }

    /// Asks the server for an answer, and closes the connection where none comes in time.
    nonisolated(nonsending) func check(within limit: Duration) async {
        await perform(within: limit) { driver throws(PostgresError) in try await driver.run(commands: [""]) }
    }

    /// Gives the session back the state in which it began.
    nonisolated(nonsending) func reset(_ reset: PostgresPoolConfiguration.SessionReset, within limit: Duration) async {
        guard !statements.isBehindTransactionPooler else { return }
        switch reset {
        case .nothing: return
        case .keepStatements where !statements.hasForeignStatements:
            await perform(within: limit) { driver throws(PostgresError) in
                try driver.start(.text(PostgresQuery(unsafeSQL: Self.resetSQL), .simple))
                try await driver.readToEnd()
            }
        case .keepStatements, .discardAll:
            await perform(within: limit) { driver throws(PostgresError) in
                try await driver.run(commands: ["DISCARD ALL"])
            }
        }
    }

    /// What DISCARD ALL stands for (manual: "DISCARD"), but for the statements and their plans.
    private static var resetSQL: String {
        """
        CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; UNLISTEN *; \
        SELECT pg_catalog.pg_advisory_unlock_all(); DISCARD SEQUENCES; DISCARD TEMP
        """
    }

    private nonisolated(nonsending) func perform(
        within limit: Duration,
        _ work: nonisolated(nonsending) (ConnectionDriver) async throws(PostgresError) -> Void
    ) async {
        guard failure == nil else { return }
        do throws(PostgresError) {
            try await within(limit, work)
        } catch {
            fail(
                PostgresError(
                    .connectionLost, "connection closed: its session could not be checked or reset: \(error.message)",
                    isConnectionUsable: false))
        }
    }
}
