import PostgresTransport

/// One order of everything in one scenario, made from a seed.
final class Schedule: Sendable {
    let seed: UInt64
    private let ledger = Ledger()

    init(seed: UInt64) { self.seed = seed }

    func begin(in world: World) {
        let ledger = ledger
        let isPool = world.chance(3, of: 5)
        Task.detached {
            if isPool { await PoolScenario(ledger).run() } else { await StreamScenario(ledger).run() }
            ledger.finish()
        }
    }

    /// What is wrong now that nothing can happen any more; nil where all is well.
    func problem(in world: World) -> String? {
        if let problem = ledger.problem { return problem }
        if !ledger.isFinished { return "hangs: \(ledger.openCalls) never end" }
        let count = world.kernel.openCount
        return count == 0 ? nil : "\(count) sockets were left open"
    }
}

/// What the tasks of a schedule have begun and ended, and what went wrong first.
final class Ledger: Sendable {
    private struct State {
        var open: [Int: String] = [:]
        var count = 0
        var problem: String?
        var isFinished = false
    }

    private let state = Locked(State())

    var problem: String? { state.withLock { $0.problem } }
    var isFinished: Bool { state.withLock { $0.isFinished } }
    var openCalls: [String] { state.withLock { $0.open.sorted { $0.key < $1.key }.map(\.value) } }

    func finish() { state.withLock { $0.isFinished = true } }

    /// Notes what is wrong, if it is the first thing.
    func fail(_ problem: @autoclosure () -> String) {
        let problem = problem()
        World.shared.note("fails: \(problem)")
        state.withLock { $0.problem = $0.problem ?? problem }
    }

    /// A call begins; it has to end once.
    func begin(_ name: String) -> Int {
        World.shared.note("begins \(name)")
        return state.withLock { state in
            state.count += 1
            state.open[state.count] = name
            return state.count
        }
    }

    func end(_ call: Int, _ how: String) {
        let name = state.withLock { $0.open.removeValue(forKey: call) }
        World.shared.note("ends \(name ?? "") \(how)")
        if name == nil { fail("call \(call) ended twice") }
    }
}
