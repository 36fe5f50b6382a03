import Foundation
import PostgresStreaming
import PostgresTesting

/// Runs the clients of the comparisons, each in a process of its own.
struct Runner {
    let server: PostgresServer
    let runs: Int
    let cores: Int
    let scratch: Scratch
    let programs = Programs()
    var progress: Progress

    /// Rows of the additional run in which allocations are counted: the counter costs time of its own.
    private static let countedRowsMax = 100_000
    private static let errorCharactersMax = 200
    /// What a client exits with when something that it needs is not installed.
    private static let notInstalled: Int32 = 3

    init(_ server: PostgresServer, runs: Int, cores: Int, scratch: Scratch, _ comparisons: [Comparison]) {
        self.server = server
        self.runs = runs
        self.cores = cores
        self.scratch = scratch
        let guesses = comparisons.map { $0.secondsGuess * Double($0.clients.count * runs) }
        progress = Progress(guessTotal: guesses.reduce(0, +))
    }

    /// Fills what the workloads read.
    func fill(_ tables: [Table]) async throws {
        let connection = try await PostgresConnection.connect(server.url)
        for table in tables {
            progress.show("filling the table \(table.name)")
            try await table.fill(connection)
        }
        try await connection.execute(
            "CREATE ROLE \(identifier: Session.trustedUser) SUPERUSER LOGIN", mode: .simple)
        // What is still to be written must not be written while somebody measures.
        try await connection.execute("CHECKPOINT", mode: .simple)
        await connection.close()
    }

    /// Takes the clients in turn within each run, so that a drift of the machine meets them all.
    mutating func measure(_ comparison: Comparison) async throws -> ComparisonResult {
        var result = ComparisonResult(comparison)
        let replay: ReplayServer?
        do {
            replay = try await startReplay(comparison)
        } catch let absence as Programs.Absence {
            for client in comparison.clients { result.outcomes[client] = [.missing(absence.reason)] }
            progress.finish(guess: comparison.secondsGuess * Double(comparison.clients.count * runs))
            return result
        }
        defer { replay?.stop() }
        let affinity = Affinity(pinning: comparison.pinning, cores: cores, scratch: scratch)
        if comparison.pinning != .none { try await affinity.pin(server) }
        let url = replay?.url ?? serverURL(comparison.source)
        for run in 1...runs {
            for client in comparison.clients {
                try Task.checkCancellation()
                defer { progress.finish(guess: comparison.secondsGuess) }
                guard result.problem(of: client) == nil else { continue }
                progress.show("\(label(comparison)), run \(run) of \(runs): \(client.name)")
                result.outcomes[client, default: []].append(try await outcome(client, comparison, url, affinity))
            }
        }
        try await countAllocations(&result)
        if comparison.pinning != .none {
            try await Affinity(pinning: .none, cores: cores, scratch: scratch).pin(server)
        }
        return result
    }

    private func serverURL(_ source: Comparison.Source) -> String {
        switch source {
        case .server, .replay: server.url
        case .serverTCP: server.tcpURL(user: Session.trustedUser) + "?sslmode=disable"
        case .serverTLS: server.tcpURL(user: Session.trustedUser) + "?sslmode=require"
        case .serverSCRAM: server.tcpURL + "?sslmode=disable"
        case .serverTLSAndSCRAM: server.tcpURL + "?sslmode=require"
        }
    }

    private func label(_ comparison: Comparison) -> String {
        let pinning = comparison.pinning == .none ? "" : ", \(comparison.pinning.rawValue)"
        return "\(comparison.title) (\(comparison.source.rawValue)\(pinning))"
    }

    private func startReplay(_ comparison: Comparison) async throws -> ReplayServer? {
        guard comparison.source == .replay else { return nil }
        progress.show("recording \(comparison.title)")
        return try await ReplayServer.start(comparison, url: server.url, programs, scratch)
    }

    private func outcome(
        _ client: Client, _ comparison: Comparison, _ url: String, _ affinity: Affinity
    ) async throws -> Outcome {
        if client.program == .pgbench { return try await pgbench(comparison, url, affinity) }
        let arguments = ["--url", url] + comparison.arguments
        return try await outcome(client, arguments, affinity)
    }

    private func outcome(
        _ client: Client, _ arguments: [String], _ affinity: Affinity, environment: [String: String] = [:]
    ) async throws -> Outcome {
        let words: [String]
        switch programs.words(client) {
        case .success(let found): words = found
        case .failure(let absence): return .missing(absence.reason)
        }
        let command = Command(
            words: affinity.pinned(words + arguments), environment: environment, scratch: scratch)
        let ending = try await command.run()
        if ending.status == Self.notInstalled { return .missing("not installed: \(oneLine(ending.errors))") }
        guard ending.status == 0 else { return .failed(reason(ending)) }
        guard let sample = Sample(ending.output) else { return .failed("unreadable: \(oneLine(ending.output))") }
        return .sample(sample)
    }

    private func pgbench(_ comparison: Comparison, _ url: String, _ affinity: Affinity) async throws -> Outcome {
        let log = try PgbenchLog(scratch)
        let words = ["pgbench"] + log.arguments(operations: comparison.rows, url: url)
        let ending = try await Command(words: affinity.pinned(words), scratch: scratch).run()
        // What `env` and a shell say of a program that they do not find.
        if ending.status == 127 { return .missing("not installed") }
        guard ending.status == 0 else { return .failed(reason(ending)) }
        return log.sample().map(Outcome.sample) ?? .failed("no log was written")
    }

    /// Once more with fewer rows and the counter preloaded.
    private func countAllocations(_ result: inout ComparisonResult) async throws {
        let comparison = result.comparison
        guard comparison.kind == .stream || comparison.kind == .values, comparison.source == .server,
            let counter = programs.allocationCounter
        else { return }
        let sql = "SELECT * FROM (\(comparison.sql)) AS counted LIMIT \(Self.countedRowsMax)"
        let arguments =
            ["--url", server.url]
            + (comparison.kind == .values
                ? comparison.arguments
                : ["--workload", comparison.job, "--sql", sql, "--columns", comparison.columns])
        let affinity = Affinity(pinning: .none, cores: cores, scratch: scratch)
        for client in comparison.clients where result.figures(of: client) != nil && client != .nothing {
            progress.show("\(comparison.title), counting allocations: \(client.name)")
            let counted = try await outcome(client, arguments, affinity, environment: ["LD_PRELOAD": counter])
            result.counted[client] = counted.sample
        }
    }

    private func reason(_ ending: Command.Ending) -> String {
        if ending.isTimedOut { return "took too long" }
        if ending.status < 0 { return "signal \(-ending.status) \(oneLine(ending.errors))" }
        return ending.errors.isEmpty ? "exit code \(ending.status)" : oneLine(ending.errors)
    }

    /// The end of a text, which is where programs say what was wrong, without line breaks.
    private func oneLine(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ").replacing("|", with: "/")
        return line.count > Self.errorCharactersMax ? "…\(line.suffix(Self.errorCharactersMax))" : line
    }
}
