import Glibc

/// What this process has used so far.
public struct ProcessUsage {
    /// User and system time.
    public let cpuNanoseconds: Int64
    /// The time on a clock that only goes forward.
    public let wallNanoseconds: Int64
    /// The peak of the resident memory.
    ///
    /// Read from `/proc`, because `getrusage` keeps the peak of the program that started this one.
    public let residentKiB: Int

    /// The figures at this moment.
    public static var now: ProcessUsage {
        var usage = rusage()
        unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        var clock = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &clock)
        return ProcessUsage(
            cpuNanoseconds: nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime),
            wallNanoseconds: Int64(clock.tv_sec) * 1_000_000_000 + Int64(clock.tv_nsec),
            residentKiB: peakResidentKiB)
    }

    /// The line that the runner reads.
    public static func line(rows: Int, sum: Int64, since start: ProcessUsage) -> String {
        let end = now
        return "rows=\(rows) sum=\(sum) cpu_ns=\(end.cpuNanoseconds - start.cpuNanoseconds) "
            + "wall_ns=\(end.wallNanoseconds - start.wallNanoseconds) rss_kib=\(end.residentKiB)"
    }

    private static var peakResidentKiB: Int {
        guard let file = unsafe fopen("/proc/self/status", "r") else { return 0 }
        defer { unsafe fclose(file) }
        var kibibytes = 0
        var line = [CChar](repeating: 0, count: 256)
        while unsafe fgets(&line, Int32(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let words = text.split(whereSeparator: \.isWhitespace)
            if words.first == "VmHWM:", words.count > 1 { kibibytes = Int(words[1]) ?? 0 }
        }
        return kibibytes
    }

    private static func nanoseconds(_ time: timeval) -> Int64 {
        Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_usec) * 1_000
    }
}
