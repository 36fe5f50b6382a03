import Glibc
import Interrupts
import PostgresStreaming

/// Works with a database and serves what that work counts to Prometheus, on loopback, until Ctrl-C.
///
///     swift run --package-path Examples MetricsEndpoint postgres://user@localhost/database 9187
///     curl http://127.0.0.1:9187/metrics
@main
struct MetricsEndpoint {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count > 1, let port = arguments.count > 2 ? UInt16(arguments[2]) : 0 else {
            print("usage: MetricsEndpoint URL [PORT]")
            exit(2)
        }
        let interrupts = Interrupts()
        defer { interrupts.end() }
        do {
            let metrics = PostgresMetrics()
            var configuration = try PostgresConfiguration(connectionString: arguments[1])
            configuration.metrics = metrics
            // One line of JSON for each event goes to standard error.
            configuration.observer = StandardErrorObserver(format: .json)
            let server = try MetricsServer(port: port) { metrics.prometheusText() }
            print("http://127.0.0.1:\(server.port)/metrics")
            fflush(nil)
            try await work(configuration, until: interrupts.signals, beside: server)
        } catch {
            print("could not go on: \(error)")
            exit(1)
        }
        print("stopped")
    }

    /// Queries now and then, as a service would, while the server serves.
    private static func work(
        _ configuration: PostgresConfiguration, until signals: AsyncStream<Int32>, beside server: MetricsServer
    ) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { await server.run() }
            group.addTask { for await _ in signals { break } }
            group.addTask {
                let connection = try await PostgresConnection.connect(configuration)
                let options = StreamOptions { $0.name = "numbers" }
                repeat {
                    let rows = try await connection.query(
                        "SELECT n FROM generate_series(1, 1000) AS n", options: options)
                    for try await _ in rows.chunks {}
                    // Ends early when the group is cancelled, and the connection is closed all the same.
                    try? await Task.sleep(for: .milliseconds(100))
                } while !Task.isCancelled
                await connection.close()
            }
            // The first to return is whoever waited for a signal; the first to throw is who lost the database.
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
