import Glibc

/// What the process has used so far.
struct Usage {
    let cpuNanoseconds: Int64
    let wallNanoseconds: Int64
    let residentKiB: Int

    static var now: Usage {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        var clock = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &clock)
        return Usage(
            cpuNanoseconds: nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime),
            wallNanoseconds: Int64(clock.tv_sec) * 1_000_000_000 + Int64(clock.tv_nsec),
            residentKiB: usage.ru_maxrss)
    }

    private static func nanoseconds(_ time: timeval) -> Int64 {
        Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_usec) * 1_000
    }
}
