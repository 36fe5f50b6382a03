import PostgresTransport
import Testing

/// Moments of the clock that limits are counted on.
@Suite struct MonotonicTimeTests {
    @Test func `the clock does not go back`() {
        var last = MonotonicTime.now
        for _ in 0..<1_000 {
            let now = MonotonicTime.now
            #expect(now >= last)
            last = now
        }
    }

    @Test func `times are added to and taken from moments`() {
        let time = MonotonicTime(nanoseconds: 5_000)
        #expect((time + .microseconds(2)).nanoseconds == 7_000)
        #expect(time - MonotonicTime(nanoseconds: 2_000) == .microseconds(3))
        #expect(time.duration(to: MonotonicTime(nanoseconds: 4_000)) == .microseconds(-1))
        #expect((time + .seconds(-1)).nanoseconds == 5_000 - 1_000_000_000)
    }

    @Test func `what no clock can show is the last or first moment that it can`() {
        #expect((MonotonicTime.now + .seconds(Int64.max)).nanoseconds == .max)
        #expect((MonotonicTime(nanoseconds: .min) + .seconds(-1)).nanoseconds == .min)
        let (first, last) = (MonotonicTime(nanoseconds: .min), MonotonicTime(nanoseconds: .max))
        #expect(first.duration(to: last) == .nanoseconds(Int64.max))
        #expect(last.duration(to: first) == .nanoseconds(Int64.min))
    }
}
