import PostgresTestSupport
import Testing

/// Every order of what may happen to a pool, up to a depth, and random orders beyond.
@Suite(.timeLimit(.minutes(2))) struct PoolModelTests {
    @Test(arguments: [1, 2])
    func `no order of events loses a slot or a call`(connectionsMax: Int) {
        explore(PoolModel(connectionsMax: connectionsMax), [], depth: 4)
    }

    private func explore(_ model: PoolModel, _ trace: [PoolModel.Event], depth: Int) {
        guard depth > 0 else {
            var end = model
            if let problem = end.settle() { Issue.record("\(problem) after \(trace)") }
            return
        }
        for event in model.events {
            var next = model
            let trace = trace + [event]
            if let problem = next.happen(event) {
                Issue.record("\(problem) after \(trace)")
                return
            }
            explore(next, trace, depth: depth - 1)
        }
    }

    @Test func `no long random order does`() {
        let seed = UInt64.random(in: 0 ... .max)
        for number in 0..<2_000 {
            var generator = SeededGenerator(seed: seed &+ UInt64(number))
            if let problem = walk(&generator) {
                Issue.record("\(problem); seed \(seed &+ UInt64(number))")
                return
            }
        }
    }

    /// Takes a random way through the model; a pool is seldom shut down, so that most ways are long.
    private func walk(_ generator: inout SeededGenerator) -> String? {
        var model = PoolModel(connectionsMax: Int.random(in: 1...3, using: &generator))
        var trace: [PoolModel.Event] = []
        for _ in 0..<60 {
            var events = model.events
            if Int.random(in: 0..<10, using: &generator) > 0 { events.removeAll { $0 == .shutDown } }
            guard let event = events.randomElement(using: &generator) else { break }
            trace.append(event)
            if let problem = model.happen(event) { return "\(problem) after \(trace)" }
        }
        return model.settle().map { "\($0) after \(trace)" }
    }
}
