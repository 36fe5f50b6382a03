import PostgresTransport
import Testing

/// When a loop asks over and over before it sleeps.
@Suite struct BusyPollTests {
    private let limit: Int64 = 50_000

    private func poll(after waits: Int64...) -> BusyPoll {
        var poll = BusyPoll(limit: .microseconds(50))
        for wait in waits { poll.slept(wait) }
        return poll
    }

    @Test func `nothing is asked over and over before waits were short`() {
        #expect(poll().time == 0 && poll(after: 20_000).time == 0 && poll(after: 20_000, 20_000).time == 0)
        #expect(poll(after: 20_000, 20_000, 20_000).time == limit)
    }

    @Test func `one wait that is long ends it, and so does one that was asked in vain`() {
        #expect(poll(after: 20_000, 20_000, 20_000, 1_000_000).time == 0)
        var poll = poll(after: 20_000, 20_000, 20_000, 20_000)
        poll.asked(inVain: false)
        #expect(poll.time == limit)
        poll.asked(inVain: true)
        #expect(poll.time == 0)
        poll.slept(20_000)
        poll.slept(20_000)
        #expect(poll.time == 0)
        poll.slept(20_000)
        #expect(poll.time == limit)
    }

    @Test func `what being woken takes is not held against a wait`() {
        #expect(poll(after: 90_000, 90_000, 90_000).time == limit)
        #expect(poll(after: 110_000, 110_000, 110_000).time == 0)
    }

    @Test func `a limit of zero is never`() {
        var poll = BusyPoll(limit: .zero)
        for _ in 0..<10 { poll.slept(1_000) }
        #expect(poll.time == 0)
    }
}
