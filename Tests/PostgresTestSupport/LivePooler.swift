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
    /// - Throws: what `body` throws, and that PgBouncer ended by itself, whatever `body` made of it.
    package nonisolated(nonsending) static func run<Result>(
        inFrontOf server: PostgresServer, _ options: PgBouncerOptions = PgBouncerOptions(),
        _ body: nonisolated(nonsending) (PgBouncer) async throws -> Result
    ) async throws -> Result {
        let pooler = try await start(inFrontOf: server, options)
        do {
            let result = try await body(pooler)
            try await pooler.stop()
            return result
        } catch {
            try await pooler.stop()
            throw error
        }
    }
}
