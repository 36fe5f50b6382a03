import Glibc
import PostgresStreaming

/// Runs one case once, for callgrind to count: what it counts is what happens inside `countedWork`.
///
///     instruction-count <case>
///
/// Without a case it lists them, each with its number of rows.
@main struct InstructionCount {
    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        guard let name = arguments.first else {
            for each in Case.allCases { print(each.rawValue, Answer.rowCount) }
            return
        }
        guard arguments.count == 1, let chosen = Case(rawValue: name) else {
            print("usage: instruction-count [<case>]")
            exit(2)
        }
        Task.detached(executorPreference: InlineExecutor.shared) {
            do {
                let total = try await chosen == .framing ? frame() : read(chosen)
                InlineExecutor.shared.reach(.finished)
                guard total.rows == Answer.rowCount, total.sum != 0 else { throw Incomplete(total: total) }
            } catch {
                print("instruction-count: \(name): \(error)")
                exit(1)
            }
        }
        InlineExecutor.shared.run(until: .prepared)
        countedWork()
    }

    private struct Incomplete: Error {
        let total: Total
    }

    private static func frame() async throws -> Total {
        // The rows alone: nobody asks for them.
        MemoryPeer.say(Case.framing.answer.segments.suffix(1))
        await beginCounting()
        return try Framing.frame(columnCount: Case.framing.answer.columnCount)
    }

    private static func read(_ chosen: Case) async throws -> Total {
        MemoryPeer.say(chosen.answer.segments)
        var configuration = PostgresConfiguration(endpoint: .unixSocket(directory: "/memory"), user: "tester")
        configuration.metrics = chosen.metrics
        let connection = try await PostgresConnection.connect(configuration)
        // Neither the size of a chunk nor a read that is put off may depend on how fast valgrind is.
        let options = StreamOptions {
            $0.isAdaptive = false
            $0.gatherTimeMax = .zero
        }
        let rows = try await connection.query("SELECT", mode: chosen.answer.mode, options: options)
        await beginCounting()
        return try await chosen.read(rows)
    }

    /// Makes the rest of the task a job of its own, which runs inside `countedWork`.
    private static func beginCounting() async {
        InlineExecutor.shared.reach(.prepared)
        await Task.yield()
    }
}

/// The function that callgrind is told to count in, with all that it calls.
@c(countedWork)
@inline(never)
package func countedWork() {
    InlineExecutor.shared.run(until: .finished)
}
