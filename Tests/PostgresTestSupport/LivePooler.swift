import PostgresTesting

/// Runs tests behind a real PgBouncer.
package enum LivePooler {
    /// Starts a PgBouncer in front of the server. Where the machine has none the running test is cancelled and says so.
    package nonisolated(nonsending) static func start(
        inFrontOf server: PostgresServer, _ options: PgBouncerOptions = PgBouncerOptions()
    ) async throws -> PgBouncer {
        try await cancellingWhereMissing("PgBouncer") { try await PgBouncer.start(inFrontOf: server, options) }
    }

    /// As `start`; runs `body` with it and stops it.
    ///
    /// A PgBouncer that crashes is reported and `body` begins anew with another, so often: release 1.18 is known for
    /// crashing over cancel requests.
    ///
    /// - Throws: what `body` throws, and that PgBouncer ended by itself, whatever `body` made of it.
    package nonisolated(nonsending) static func run<Result>(
        inFrontOf server: PostgresServer, _ options: PgBouncerOptions = PgBouncerOptions(), crashesMax: Int = 0,
        _ body: nonisolated(nonsending) (PgBouncer) async throws -> Result
    ) async throws -> Result {
        var crashes = 0
        while true {
            let pooler = try await start(inFrontOf: server, options)
            do {
                return try await runToEnd(pooler, body)
            } catch {
                guard (error as? PostgresServerError)?.code == .crashed, crashes < crashesMax else { throw error }
                crashes += 1
                print("↳ begun anew: \(error)")
            }
        }
    }

    private nonisolated(nonsending) static func runToEnd<Result>(
        _ pooler: PgBouncer, _ body: nonisolated(nonsending) (PgBouncer) async throws -> Result
    ) async throws -> Result {
        let result: Result
        do {
            result = try await body(pooler)
        } catch {
            // That it crashed explains whatever went wrong.
            try await pooler.stop()
            throw error
        }
        try await pooler.stop()
        return result
    }
}
