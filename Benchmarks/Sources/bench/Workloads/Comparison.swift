/// Clients that do the same work against the same server: one table of the report.
struct Comparison: Sendable {
    /// Who answers.
    enum Source: String, Sendable {
        case server = "PostgreSQL, Unix socket"
        case serverTCP = "PostgreSQL, TCP"
        /// With a password, where the others ask for none.
        case serverSCRAM = "PostgreSQL, TCP, SCRAM-SHA-256"
        case serverTLS = "PostgreSQL, TCP, TLS 1.3"
        case serverTLSAndSCRAM = "PostgreSQL, TCP, TLS 1.3, SCRAM-SHA-256"
        case replay = "replay from memory, Unix socket"
    }

    /// Which cores the client and the server may use.
    enum Pinning: String, CaseIterable, Sendable {
        case none = "unpinned"
        case apart = "different cores"
        case together = "one core"
    }

    /// What the table shows; the first figure of a kind is its main one.
    enum Kind: Sendable {
        case stream, firstRow, operations, connections
        /// Statements that do not wait for each other's answers.
        case pipeline
        /// A single value again and again, without a stream.
        case values

        /// The figure that the spread, the ratio and the chart are about.
        var mainFigure: Figure {
            switch self {
            case .stream, .values, .pipeline: .cpuPerRow
            case .firstRow: .firstRow
            case .operations: .median
            case .connections: .rate
            }
        }
    }

    let workload: Workload
    var kind = Kind.stream
    var title: String
    var source = Source.server
    var pinning = Pinning.none
    /// The workload's name for the client programs.
    let job: String
    var sql = ""
    var columns = ""
    /// The rows that a client delivers, or the operations that it does.
    let rows: Int
    let clients: [Client]
    var budgets: [Budget] = []
    var notes: [String] = []
    /// Whether all clients have to deliver the same.
    var isChecked = true
    /// What a client takes at a guess, for the estimate of the time left.
    var secondsGuess = 1.0

    /// The arguments of every client.
    var arguments: [String] {
        var arguments = ["--workload", job, "--sql", sql]
        if !columns.isEmpty { arguments += ["--columns", columns] }
        if kind != .stream && kind != .firstRow { arguments += ["--operations", "\(rows)"] }
        return arguments
    }
}
