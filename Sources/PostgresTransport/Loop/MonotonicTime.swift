import Glibc

/// A moment on a clock that never goes back and that counts on while the machine sleeps, as `ContinuousClock` does.
///
/// It is one word. A `ContinuousClock.Instant` has 128 bits and a layout that only the process knows, so whatever holds one
/// is copied and destroyed through tables; reading that clock costs four times as much.
package struct MonotonicTime: Comparable, Hashable, Sendable {
    /// Nanoseconds since some moment in the past.
    package let nanoseconds: Int64

    /// The moment that many nanoseconds after the one that the clock counts from.
    @inlinable
    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// What the clock shows.
    package static var now: MonotonicTime {
        var time = timespec()
        unsafe clock_gettime(CLOCK_BOOTTIME, &time)
        return MonotonicTime(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
    }

    /// Whether the first comes before the second.
    @inlinable
    package static func < (earlier: MonotonicTime, later: MonotonicTime) -> Bool {
        earlier.nanoseconds < later.nanoseconds
    }

    /// The moment so much later; one that no clock reaches where there are no numbers for it.
    package static func + (time: MonotonicTime, duration: Duration) -> MonotonicTime {
        let (sum, isTooLong) = time.nanoseconds.addingReportingOverflow(duration.nanoseconds)
        return MonotonicTime(nanoseconds: isTooLong ? (duration < .zero ? .min : .max) : sum)
    }

    /// The time from the other moment to this one.
    package static func - (later: MonotonicTime, earlier: MonotonicTime) -> Duration { earlier.duration(to: later) }

    /// The time from this moment to the other one.
    package func duration(to later: MonotonicTime) -> Duration {
        let (difference, isTooLong) = later.nanoseconds.subtractingReportingOverflow(nanoseconds)
        return .nanoseconds(isTooLong ? (later > self ? .max : .min) : difference)
    }
}
