import Foundation
import PostgresTesting

/// One call of the program, from starting the server to writing the results.
struct Session {
    private let options: Options
    private let scale: Scale
    private let workloads: [Workload]

    /// A superuser who needs no password over TCP.
    static let trustedUser = "trusted"

    /// Connections that the server keeps besides those of a workload.
    private static let spareConnections = 20

    init(_ options: Options) {
        self.options = options
        scale = options.isQuick ? .quick : .full
        workloads = Workload.allCases.filter { options.workloads.isEmpty || options.workloads.contains($0.rawValue) }
    }

    /// Returns what should make the exit code 1.
    func run() async throws -> [String] {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let results = try await PostgresServer.withServer(serverOptions(ServerCertificate(scratch))) {
            try await measure($0, scratch)
        }
        let folder = ResultsFolder(options, results)
        try folder.write(results)
        print(MarkdownReport(results: results).text)
        print("written to \(folder.path)")
        return results.failures
    }

    /// The local socket and one user ask for no password, for the programs that have no answer; all else is SCRAM.
    private func serverOptions(_ certificate: ServerCertificate) -> PostgresServerOptions {
        let connections = (scale.connectionCounts.max() ?? 0) + Self.spareConnections
        return PostgresServerOptions(
            version: .major(15),
            // A scan that joins another one in the middle of the table would return other rows for a LIMIT.
            configuration: [
                "synchronize_seqscans": "off",
                "jit": "off", "max_parallel_workers_per_gather": "0", "shared_buffers": "1GB",
                "max_connections": "\(connections)", "autovacuum": "off", "ssl": "on", "ssl_cert_file": "server.crt",
                "ssl_key_file": "server.key",
            ],
            accessRules: ["local all all trust", "host all \(Self.trustedUser) 127.0.0.1/32 trust"],
            files: ["server.crt": certificate.certificate, "server.key": certificate.key])
    }

    private func measure(_ server: PostgresServer, _ scratch: Scratch) async throws -> Results {
        let cores = Machine.coreCount
        let comparisons = Comparisons(
            scale: scale, chunkedLibpq: options.libpq ?? Programs.chunkedLibpq(), cores: cores
        )
        let chosen = workloads.flatMap(comparisons.of)
        let runs = options.runs ?? scale.runs
        var runner = Runner(server, runs: runs, cores: cores, scratch: scratch, chosen)
        var names: Set<String> = []
        try await runner.fill(
            workloads.compactMap { Table.needed(by: $0, scale) }.filter { names.insert($0.name).inserted })
        let date = String(Date.now.ISO8601Format().prefix(10))
        let machine = await Machine.here(postgres: "PostgreSQL \(server.binaries.release)", scratch: scratch)
        var results = Results(machine: machine, date: date, isQuick: options.isQuick, runs: runs)
        for comparison in chosen { results.comparisons.append(try await runner.measure(comparison)) }
        runner.progress.clear()
        return results
    }
}
