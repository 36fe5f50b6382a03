import PostgresStreaming
import PostgresTransport

/// Checks one connection: opens a session of its own, asks the server what it is, and closes it again.
struct ConnectionProbe: Sendable {
    let name: String
    let configuration: PostgresConfiguration
    let secrets: [Secret]
    /// The time for all of it.
    let limit: Duration

    func run() async -> ConnectionHealth {
        let start = MonotonicTime.now
        do throws(PostgresError) {
            let server = try await server(since: start)
            let isWrongRole = server.isInRecovery && wantsPrimary
            return ConnectionHealth(
                name: name, state: isWrongRole ? .inRecovery : .ready, error: nil,
                duration: start.duration(to: .now), server: server)
        } catch {
            return ConnectionHealth(
                name: name, state: Self.state(of: error), error: scrubbed(error), duration: start.duration(to: .now),
                server: nil)
        }
    }

    private var wantsPrimary: Bool {
        switch configuration.targetSession {
        case .standby, .preferStandby, .readOnly: false
        default: true
        }
    }

    private func scrubbed(_ error: PostgresError) -> PostgresError {
        let message = Secret.scrub(error.message, of: secrets)
        guard message != error.message else { return error }
        return PostgresError(error.code, message, hint: error.hint, isConnectionUsable: false)
    }

    private func server(since start: MonotonicTime) async throws(PostgresError) -> ConnectionHealth.Server {
        var configuration = configuration
        // The role is looked at here, so that a wrong one is told apart from no server at all.
        configuration.targetSession = .any
        configuration.connectTimeout = min(configuration.connectTimeout, limit)
        configuration.cleanUpTimeout = .milliseconds(500)
        configuration.closeTimeout = .milliseconds(500)
        let connection = try await PostgresConnection.connect(configuration)
        let connectTime = start.duration(to: .now)
        do throws(PostgresError) {
            let server = try await server(of: connection, connectTime, until: start + limit)
            await connection.close()
            return server
        } catch {
            await connection.close()
            throw error
        }
    }

    private nonisolated(nonsending) func server(
        of connection: PostgresConnection, _ connectTime: Duration, until end: MonotonicTime
    ) async throws(PostgresError) -> ConnectionHealth.Server {
        var options = StreamOptions()
        options.timeout = max(MonotonicTime.now.duration(to: end), .milliseconds(1))
        let figures = try await connection.query(Self.question, options: options)
            .decode((Bool, Int32, String, Int?, Int?).self).only()
        let begun = MonotonicTime.now
        options.timeout = max(begun.duration(to: end), .milliseconds(1))
        try await connection.execute("SELECT 1", options: options)
        let information = connection.information
        return ConnectionHealth.Server(
            roundTrip: begun.duration(to: .now), connectTime: connectTime, address: information.address,
            version: figures.2, isInRecovery: figures.0, replayLagBytes: figures.3,
            replayLag: figures.4.map { .milliseconds($0) }, isPooled: information.processID.map { $0 != figures.1 })
    }

    /// On a source without writes the age of the last transaction grows without a lag, so it counts only where something that
    /// was received is not replayed yet.
    private static let question: PostgresQuery = """
        SELECT pg_is_in_recovery(), pg_backend_pid(), current_setting('server_version'),
               CASE WHEN pg_is_in_recovery()
                    THEN pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())::bigint END,
               CASE WHEN NOT pg_is_in_recovery() OR pg_last_wal_receive_lsn() IS NULL THEN NULL
                    WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
                    ELSE (extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) * 1000)::bigint END
        """
}
