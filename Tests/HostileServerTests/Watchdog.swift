import Glibc
import PostgresTestSupport
import PostgresTransport

/// Ends the process where a trial hangs, and says which: a task that waits for ever cannot be ended otherwise.
final class Watchdog: Sendable {
    static let shared = Watchdog()

    private struct State {
        var running: [Int: (name: String, end: ContinuousClock.Instant)] = [:]
        var count = 0
    }

    /// Far beyond every limit of a trial.
    private static let limit = Duration.seconds(40)

    private let state = Locked(State())

    private init() {
        BlockingThread.start { [state] in
            while true {
                poll(nil, 0, 1000)
                let now = ContinuousClock.now
                guard let hung = state.withLock({ $0.running.values.first { $0.end < now } }) else { continue }
                fatalError("a hostile server hangs the client: \(hung.name)")
            }
        }
    }

    /// Begins to watch; the number ends it.
    func begin(_ name: String) -> Int {
        state.withLock { state in
            state.count += 1
            state.running[state.count] = (name, .now + Self.limit)
            return state.count
        }
    }

    func end(_ number: Int) { state.withLock { _ = $0.running.removeValue(forKey: number) } }
}
