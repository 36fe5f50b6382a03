import Glibc
import PostgresStreaming
import PostgresTesting

/// Runs every client in turn, several times, against one throwaway server, and prints what each took as a ratio to
/// libpq in the same run.
@main struct Bench {
    static func main() async throws {
        let plan = Plan(CommandLine.arguments.dropFirst())
        let options = PostgresServerOptions(
            version: .major(15),
            configuration: ["jit": "off", "max_parallel_workers_per_gather": "0", "shared_buffers": "1GB"])
        try await PostgresServer.withServer(options) { server in
            progress("filling the narrow table with \(plan.rows) rows")
            try await fill(server, rows: plan.rows)
            let samples = try measure(plan, server)
            print(Report(samples: samples, rows: plan.rows, runs: plan.runs).text)
        }
    }

    private static func fill(_ server: PostgresServer, rows: Int) async throws {
        let connection = try await PostgresConnection.connect(server.url)
        try await connection.execute(
            """
            CREATE TABLE narrow AS
                SELECT n::int8 AS id, (n % 1000)::int4 AS a, n * 0.5::float8 AS b
                FROM generate_series(1, \(unsafeSQL: "\(rows)")) AS n
            """)
        try await connection.execute("VACUUM ANALYZE narrow", mode: .simple)
        await connection.close()
    }

    /// Takes the clients in turn within each run, so that a drift of the machine meets them all.
    private static func measure(_ plan: Plan, _ server: PostgresServer) throws -> [Client: [Sample]] {
        var samples: [Client: [Sample]] = [:]
        for run in 1...plan.runs {
            for client in Client.all {
                progress("run \(run) of \(plan.runs): \(client.name)")
                samples[client, default: []].append(try client.run(url: server.url))
            }
        }
        return samples
    }

    private static func progress(_ text: String) {
        let line = "bench: \(text)\n"
        _ = unsafe write(STDERR_FILENO, line, line.utf8.count)
    }
}

/// How much is measured.
struct Plan {
    var rows = 10_000_000
    var runs = 3

    init(_ arguments: ArraySlice<String>) {
        for argument in arguments {
            switch argument {
            case "--quick": (rows, runs) = (1_000_000, 1)
            default:
                print("usage: bench [--quick]")
                exit(2)
            }
        }
    }
}
