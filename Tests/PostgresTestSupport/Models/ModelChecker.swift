import Testing

/// Looks for faults of a state machine in the orders in which events may come: in every order up to a depth, and in random
/// ones beyond.
///
/// Everything is let come to its end after each order. What is found is cut down until no event can be left out.
package struct ModelChecker<Model: StateModel> {
    private let beginning: Model

    /// Creates a checker of what may happen to `model`.
    package init(_ model: Model) { beginning = model }

    /// Tries every order of up to `depth` events and so many random orders of up to `length`, and records a failure as an
    /// issue of the running test.
    ///
    /// - Parameter seed: what the random orders are made from. It is printed first, because a trap would take it along.
    package func expectNoFailure(
        depth: Int, randomOrders count: Int, length: Int, seed: UInt64 = .random(in: 0 ... .max),
        at location: SourceLocation = #_sourceLocation
    ) {
        print("\(Model.self): seed \(seed)")
        let failure =
            failureInEveryOrder(depth: depth) ?? failureInRandomOrders(count, length: length, seed: seed)
        if let failure { Issue.record("\(failure)", sourceLocation: location) }
    }

    /// Tries every order of up to `depth` events, the short ones first.
    ///
    /// - Returns: a shortest way to a fault; nil where there is none.
    package func failureInEveryOrder(depth: Int) -> ModelFailure<Model.Event>? {
        for depth in 0...depth {
            var trace: [Model.Event] = []
            if let problem = explore(beginning, &trace, depth: depth) {
                return minimised(trace, seed: nil) ?? ModelFailure(problem: problem, trace: trace, seed: nil)
            }
        }
        return nil
    }

    /// Tries so many random orders.
    ///
    /// - Parameters:
    ///   - length: the most events of each.
    ///   - seed: what the first is made from; each further one from the next number.
    /// - Returns: a way to a fault of which no event can be left out; nil where none was found.
    package func failureInRandomOrders(_ count: Int, length: Int, seed: UInt64) -> ModelFailure<Model.Event>? {
        for number in 0..<UInt64(count) {
            var generator = SeededGenerator(seed: seed &+ number)
            var trace: [Model.Event] = []
            guard let problem = walk(length, &trace, &generator) else { continue }
            return minimised(trace, seed: seed &+ number)
                ?? ModelFailure(problem: problem, trace: trace, seed: seed &+ number)
        }
        return nil
    }

    /// Has these events happen, but for those that cannot at their place, and everything come to its end.
    ///
    /// - Returns: what is wrong, and the events that happened; nil where all is well.
    package func replay(_ trace: [Model.Event]) -> ModelFailure<Model.Event>? {
        var model = beginning
        var taken: [Model.Event] = []
        for event in trace where model.events.contains(event) {
            taken.append(event)
            if let problem = model.apply(event) { return ModelFailure(problem: problem, trace: taken, seed: nil) }
        }
        return model.settle().map { ModelFailure(problem: $0, trace: taken, seed: nil) }
    }

    /// Takes exactly `depth` events in every order; `trace` is the way to the fault that is returned.
    private func explore(_ model: Model, _ trace: inout [Model.Event], depth: Int) -> String? {
        guard depth > 0 else {
            var end = model
            return end.settle()
        }
        for event in model.events {
            var next = model
            trace.append(event)
            if let problem = next.apply(event) ?? explore(next, &trace, depth: depth - 1) { return problem }
            trace.removeLast()
        }
        return nil
    }

    private func walk(
        _ length: Int, _ trace: inout [Model.Event], _ generator: inout SeededGenerator
    ) -> String? {
        var model = beginning
        while trace.count < length, let event = choose(of: model, &generator) {
            trace.append(event)
            if let problem = model.apply(event) { return problem }
        }
        return model.settle()
    }

    private func choose(of model: Model, _ generator: inout SeededGenerator) -> Model.Event? {
        let events = model.events
        let weights = events.map(model.weight)
        let sum = weights.reduce(0, +)
        guard sum > 0 else { return events.randomElement(using: &generator) }
        var rest = Double.random(in: 0..<sum, using: &generator)
        for (event, weight) in zip(events, weights) {
            rest -= weight
            if rest < 0 { return event }
        }
        return events.last
    }

    /// Leaves out events as long as what remains still goes wrong: first many at once, then one by one, and at last two at a
    /// time, of which the second may undo the first.
    private func minimised(_ trace: [Model.Event], seed: UInt64?) -> ModelFailure<Model.Event>? {
        guard var failure = replay(trace) else { return nil }
        var length = failure.trace.count
        while length > 0 {
            let count = failure.trace.count
            var start = 0
            while start < failure.trace.count {
                var shorter = failure.trace
                shorter.removeSubrange(start..<min(start + length, shorter.count))
                if let found = replay(shorter), found.trace.count < failure.trace.count {
                    failure = found
                } else {
                    start += length
                }
            }
            if length > 1 || failure.trace.count == count { length /= 2 }
        }
        while let shorter = withoutPair(failure) { failure = shorter }
        return ModelFailure(problem: failure.problem, trace: failure.trace, seed: seed)
    }

    private func withoutPair(_ failure: ModelFailure<Model.Event>) -> ModelFailure<Model.Event>? {
        for first in failure.trace.indices {
            for second in failure.trace.indices where second > first {
                var shorter = failure.trace
                shorter.remove(at: second)
                shorter.remove(at: first)
                if let found = replay(shorter), found.trace.count < failure.trace.count { return found }
            }
        }
        return nil
    }
}
