import PostgresStreaming
import PostgresTestSupport
import PostgresTransport

/// Leads through a proxy first, and then to the server itself. It knows no limit but its configurations'.
struct Detour: PostgresConnectionSource {
    private let first: PostgresConfiguration
    private let others: PostgresConfiguration
    private let isFirst = Locked(true)

    init(_ configuration: PostgresConfiguration, through proxy: FaultProxy) {
        var first = configuration
        first.endpoints = [.tcp(host: "127.0.0.1", port: proxy.port)]
        first.tls.mode = .disable
        (self.first, others) = (first, configuration)
    }

    nonisolated(nonsending) func withConnection<Result, Failure: Error>(
        _ body: nonisolated(nonsending) (PostgresConnection) async throws(Failure) -> Result
    ) async throws -> Result {
        let isFirst = isFirst.withLock { isFirst in
            defer { isFirst = false }
            return isFirst
        }
        return try await (isFirst ? first : others).withConnection(body)
    }
}
