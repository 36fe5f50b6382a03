import FoundationEssentials
import Glibc
import PostgresStreaming
import PostgresTesting

/// A snippet that is run.
struct Entry: Sendable {
    let place: String
    /// Whether it comes to its end; rules.txt lists those that do not, and why.
    let succeeds: Bool
    let run: @Sendable (Surroundings) async throws -> Void

    init(_ place: String, _ succeeds: Bool, _ run: @escaping @Sendable (Surroundings) async throws -> Void) {
        self.place = place
        self.succeeds = succeeds
        self.run = run
    }
}

/// Runs the snippets one after the other, each with a database of its own on one server.
@main
struct Runner {
    private static let secondsMax = 60

    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let file = arguments.first else { exit(2) }
        let schema = try String(contentsOfFile: file, encoding: .utf8)
        let wanted = arguments.dropFirst()
        let chosen = entries.filter { entry in wanted.isEmpty || wanted.contains { entry.place.contains($0) } }
        let wrong = try await PostgresServer.withServer { server in
            try await PostgresConnection.withConnection(server.url) { connection in
                try await connection.execute("CREATE DATABASE template")
                try await PostgresConnection.withConnection(server.url(database: "template")) { connection in
                    _ = try await connection.execute(PostgresQuery(unsafeSQL: schema), mode: .simple)
                }
                var wrong = 0
                for (number, entry) in chosen.enumerated() {
                    let name = "snippet_\(number)"
                    try await connection.execute("CREATE DATABASE \(identifier: name) TEMPLATE template")
                    let problem = await problem(of: entry, Surroundings(url: server.url(database: name)))
                    print("\(entry.place): \(problem ?? "ok")")
                    if problem != nil { wrong += 1 }
                }
                return wrong
            }
        }
        print("snippets: \(chosen.count) were run, \(wrong) not as expected")
        exit(wrong == 0 ? 0 : 1)
    }

    /// Why a run is not as expected; nil where it is.
    private static func problem(of entry: Entry, _ surroundings: Surroundings) async -> String? {
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await entry.run(surroundings) }
                group.addTask {
                    try await Task.sleep(for: .seconds(secondsMax))
                    throw PostgresError(.queryTimedOut, "the snippet takes longer than \(secondsMax) s")
                }
                try await group.next()
                group.cancelAll()
            }
            return entry.succeeds ? nil : "runs by now: take it out of rules.txt"
        } catch {
            return entry.succeeds ? "failed: \(error)" : nil
        }
    }
}
