/// A way to a fault of a state machine.
package struct ModelFailure<Event: Hashable & Sendable>: Hashable, Sendable, CustomStringConvertible {
    /// What is wrong at its end.
    package let problem: String
    /// The events that lead there.
    package let trace: [Event]
    /// What the random order was made from; nil where it was none.
    package let seed: UInt64?

    /// The way as a test to copy.
    package var description: String {
        let origin = seed.map { " (seed \($0))" } ?? ""
        let events = trace.map { "            .\($0),\n" }.joined()
        return """
            \(problem)\(origin)

                @Test func `…`() {
                    let failure = ModelChecker(model).replay([
            \(events)        ])
                    #expect(failure == nil, "\\(failure.debugDescription)")
                }
            """
    }
}
