import Glibc

/// What this process has used so far.
public struct ProcessUsage: Sendable {
    /// User and system time.
    public let cpuNanoseconds: Int64
    /// The time on a clock that only goes forward.
    public let wallNanoseconds: Int64
    /// The calls of `malloc` and its kin; nil where nobody counts them.
    public let allocations: Int64?

    /// The figures at this moment.
    public static var now: ProcessUsage {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return ProcessUsage(
            cpuNanoseconds: nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime),
            wallNanoseconds: clockNanoseconds, allocations: AllocationCounter.total)
    }

    /// The time on a clock that only goes forward.
    public static var clockNanoseconds: Int64 {
        var clock = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &clock)
        return Int64(clock.tv_sec) * 1_000_000_000 + Int64(clock.tv_nsec)
    }

    /// What is resident now, in KiB.
    public static var residentKiB: Int { status("VmRSS:") }

    /// The peak of what was resident, in KiB.
    ///
    /// Read from `/proc`, because `getrusage` keeps the peak of the program that started this one.
    public static var peakResidentKiB: Int { status("VmHWM:") }

    /// The fields of the line that the runner reads: what was used from this moment until another.
    public func fields(until end: ProcessUsage = .now) -> String {
        let allocated = allocations.flatMap { before in end.allocations.map { $0 - before } } ?? -1
        return "cpu_ns=\(end.cpuNanoseconds - cpuNanoseconds) wall_ns=\(end.wallNanoseconds - wallNanoseconds) "
            + "rss_kib=\(Self.peakResidentKiB) allocs=\(allocated)"
    }

    private static func status(_ name: Substring) -> Int {
        guard let file = unsafe fopen("/proc/self/status", "r") else { return 0 }
        defer { unsafe fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        while unsafe fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let words = text.split(whereSeparator: \.isWhitespace)
            if words.first == name, words.count > 1 { return Int(words[1]) ?? 0 }
        }
        return 0
    }

    private static func nanoseconds(_ time: timeval) -> Int64 {
        Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_usec) * 1_000
    }
}
