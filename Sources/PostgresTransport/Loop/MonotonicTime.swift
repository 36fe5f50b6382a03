import Glibc

/// Nanoseconds of a clock that never goes back, for measuring what happens often: a quarter of the price of
/// `ContinuousClock`, whose durations have 128 bits.
package enum MonotonicTime {
    /// Nanoseconds since some moment in the past.
    package static var now: Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
