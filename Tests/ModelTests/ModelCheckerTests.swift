import PostgresTestSupport
import Testing

/// What looks for faults in state machines, at machines whose faults are known.
@Suite struct ModelCheckerTests {
    /// Slots that calls take and give back; a call that gives up at the wrong moment loses its slot where that is a fault.
    private struct Slots: StateModel {
        enum Event: Hashable { case ask, grant, take, giveUp, giveBack, look }

        var hasFault: Bool
        private var free = 2
        private var asking = 0
        private var granted = 0
        private var held = 0

        init(hasFault: Bool) { self.hasFault = hasFault }

        var events: [Event] {
            var events: [Event] = [.ask, .look]
            if asking > 0, free > 0 { events.append(.grant) }
            if asking > 0 || granted > 0 { events.append(.giveUp) }
            if granted > 0 { events.append(.take) }
            if held > 0 { events.append(.giveBack) }
            return events
        }

        mutating func apply(_ event: Event) -> String? {
            switch event {
            case .look: break
            case .ask: asking += 1
            case .grant: (free, asking, granted) = (free - 1, asking - 1, granted + 1)
            case .take: (granted, held) = (granted - 1, held + 1)
            case .giveBack: (free, held) = (free + 1, held - 1)
            case .giveUp where asking > 0: asking -= 1
            case .giveUp: (granted, free) = (granted - 1, free + (hasFault ? 0 : 1))
            }
            return free + granted + held > 2 ? "more slots than there are" : nil
        }

        mutating func settle() -> String? { free + granted + held == 2 ? nil : "a slot is lost" }

        func weight(of event: Event) -> Double { event == .look ? 10 : 1 }
    }

    @Test func `a machine without fault passes`() {
        #expect(ModelChecker(Slots(hasFault: false)).failureInEveryOrder(depth: 6) == nil)
        #expect(ModelChecker(Slots(hasFault: false)).failureInRandomOrders(200, length: 60, seed: 1) == nil)
    }

    @Test func `every order is tried up to the depth`() {
        #expect(ModelChecker(Slots(hasFault: true)).failureInEveryOrder(depth: 2) == nil)
        let failure = ModelChecker(Slots(hasFault: true)).failureInEveryOrder(depth: 3)
        #expect(failure?.trace == [.ask, .grant, .giveUp] && failure?.problem == "a slot is lost")
    }

    @Test func `a shortest way is found first`() {
        #expect(ModelChecker(Slots(hasFault: true)).failureInEveryOrder(depth: 6)?.trace == [.ask, .grant, .giveUp])
    }

    @Test func `a random way is cut down to what is needed, and its seed leads there again`() {
        let checker = ModelChecker(Slots(hasFault: true))
        let failure = checker.failureInRandomOrders(200, length: 200, seed: 7)
        #expect(failure?.trace == [.ask, .grant, .giveUp])
        #expect(checker.replay(failure?.trace ?? [])?.problem == "a slot is lost")
        #expect(ModelChecker(Slots(hasFault: false)).replay(failure?.trace ?? []) == nil)
        let again = failure?.seed.flatMap { checker.failureInRandomOrders(1, length: 200, seed: $0) }
        #expect(again?.trace == failure?.trace)
    }

    @Test func `a failure is printed as a test`() {
        let text = ModelChecker(Slots(hasFault: true)).failureInEveryOrder(depth: 3)?.description ?? ""
        #expect(text.contains("a slot is lost") && text.contains("            .ask,\n            .grant,"))
    }
}
